"""The people of the story, as users of the site who can log in."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils.password import update_password

from demo.story import Story


def enter_people(story: Story) -> int:
	"""Make the users that are not there yet, each with a password and roles; how many were made. Commits."""
	made = [person for person in story.lists["people"] if not frappe.db.exists("User", person["email"])]
	for person in made:
		enter_person(person)
	frappe.db.commit()
	return len(made)


def enter_person(person: dict[str, Any]) -> None:
	first_name, _, last_name = person["name"].partition(" ")
	user = frappe.new_doc("User")
	user.update(
		{
			"email": person["email"],
			"first_name": first_name,
			"last_name": last_name,
			"send_welcome_email": 0,
			"user_type": "System User",
		}
	)
	user.append_roles(*person["roles"])
	user.flags.no_welcome_mail = True
	user.insert()
	update_password(person["email"], person["password"])


def get_person(story: Story, role: str, without: str = "") -> dict[str, Any]:
	"""Return the first person who has one role and not another."""
	return next(
		person
		for person in story.lists["people"]
		if role in person["roles"] and (not without or without not in person["roles"])
	)
