"""Polish letters stand where a dictionary has them, in memory and in the databases."""

from sqlalchemy import select

from tests.factories import make_user
from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.polish import fold, sort_key, sort_text

IN_ORDER = ["Ada", "Ada Zet", "Adam", "Ąta", "Celina", "Ćma", "Lena", "Łucja", "Zoja", "Źdźbło", "Żaneta"]


def test_names_sort_as_in_a_dictionary():
    mixed = [*IN_ORDER[5:], *IN_ORDER[:5]]

    assert sorted(mixed, key=sort_key) == IN_ORDER


def test_databases_sort_the_same_way(app):
    with app.app_context():
        for name in reversed(IN_ORDER):
            make_user(name=name)

        assert list(db.session.scalars(select(User.name).order_by(User.name_order))) == IN_ORDER


def test_the_order_follows_a_changed_name():
    user = User(name="Ada")
    user.name = "Żaneta"

    assert user.name_order == sort_text("Żaneta")


def test_folding_takes_every_polish_letter_to_its_plain_one():
    assert fold("ZAŻÓŁĆ Gęślą JAŹŃ") == "zazolc gesla jazn"
