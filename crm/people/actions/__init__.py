from crm.people.actions.add import add_person
from crm.people.actions.batch import add_people
from crm.people.actions.change import Conflict, change_person

__all__ = ["Conflict", "add_people", "add_person", "change_person"]
