"""One user for each role, all with the published demo password."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from crm.accounts.models import Membership, Office, Role, User


@dataclass(frozen=True)
class DemoUser:
    email: str
    name: str
    office: str
    role: Role
    language: str = "ja"


USERS = [
    DemoUser("attache@example.org", "佐伯 直人", "us-bos", Role.ATTACHE),
    DemoUser("fellow@example.org", "中野 理沙", "us-sf", Role.FELLOW),
    DemoUser("staff@example.org", "Helen Barrow", "us-bos", Role.LOCAL_STAFF, "en"),
    DemoUser("university@example.org", "渡部 光", "kyushu", Role.UNIVERSITY_OFFICER),
    DemoUser("jica@example.org", "小野寺 望", "jica", Role.JICA_OFFICER),
    DemoUser("hq@example.org", "宮下 円", "mofa", Role.HQ_READER),
    DemoUser("admin@example.org", "運用 管理", "meguri", Role.ADMINISTRATOR),
]
SECOND_POSTS = {"attache@example.org": ("us-emb", Role.ATTACHE)}


def add_demo_users(session: Session, password_hash: str) -> dict[str, User]:
    offices = {office.code: office for office in session.exec(select(Office))}
    users = {}
    for demo in USERS:
        user = User(email=demo.email, name=demo.name, language=demo.language, password_hash=password_hash)
        session.add(user)
        session.flush()
        posts = [(demo.office, demo.role), *([SECOND_POSTS[demo.email]] if demo.email in SECOND_POSTS else [])]
        for code, role in posts:
            session.add(Membership(user_id=user.id, office_id=offices[code].id, role=role, since=date(2026, 4, 1)))
        users[demo.email] = user
    session.flush()
    return users
