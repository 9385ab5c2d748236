from crm.people.actions.batch import add_people

__all__ = ["add_people"]
