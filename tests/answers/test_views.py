"""Saved views are the user's own, whatever role the user looks through, and hold no rights."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.access import NotAllowed, Viewer
from answers import views
from data_access.home import sample_home
from tests.analytics.firm import firm
from tests.answers.served import served

ADA = Viewer(user="ada", role="owner")
ADDRESS = {"site": ["shop"], "role": ["sales"], "lang": ["zh"], "as_company": ["c1"], "as_region": ["N"]}


def test_a_view_keeps_what_is_asked_and_not_who_asks_in_which_language() -> None:
    served(firm())
    assert views.save(ADA, "Shop", "inventory", ADDRESS).parameters == {"site": ("shop",)}


def test_a_user_finds_them_in_every_role_and_others_find_nothing() -> None:
    served(firm())
    view = views.save(ADA, "Shop", "inventory", ADDRESS)
    assert views.saved(Viewer(user="ada", role="administrator")) == (view,)
    bob = Viewer(user="bob", role="owner")
    assert views.saved(bob) == ()
    with pytest.raises(views.ViewRefused, match="gone"):
        views.rename(bob, view.view_id, "mine")
    views.remove(bob, view.view_id)
    assert views.saved(ADA) == (view,)


def test_views_are_renamed_and_forgotten() -> None:
    served(firm())
    view = views.save(ADA, "Shop", "inventory", ADDRESS)
    assert views.rename(ADA, view.view_id, "Shops").name == "Shops"
    views.remove(ADA, view.view_id)
    assert views.saved(ADA) == ()


def test_the_sample_company_and_the_firm_have_views_of_their_own() -> None:
    views.save(ADA, "Sample", "inventory", {})
    assert (sample_home().folder / "views").is_dir()
    served(firm())
    assert views.saved(ADA) == ()


def test_nobody_and_who_has_expired_has_no_views() -> None:
    expired = Viewer(user="ada", role="owner", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for nobody in (None, expired):
        with pytest.raises(NotAllowed):
            views.saved(nobody)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            views.save(nobody, "x", "inventory", {})  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            views.rename(nobody, "x", "y")  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            views.remove(nobody, "x")  # type: ignore[arg-type]
