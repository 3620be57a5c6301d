"""Health: what waits, who works, and a stuck job run again."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from redis.exceptions import RedisError

from storefront.core import cache, ids, pulse
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.jobs import Job
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/health/"


def make_job(database: Database, shop: Shop, state: str = "stuck") -> Job:
    with database.work(shop.id) as db:
        row = db.add(
            Job(
                name="run_operation",
                argument=str(ids.uuid7()),
                queue="now",
                state=state,
                attempts=5,
                next_at=db.now,
                error="KeyError: <b>'x'</b>",
            )
        )
        db.commit()
        return row


def test_page_shows_relay_queues_and_the_sandbox_clock(operator: FlaskClient, config: Config) -> None:
    pulse.note_round(config)

    answer = operator.get(ADDRESS)

    assert "Goes round" in answer.text
    assert "PostgreSQL" in answer.text
    assert "Clock of the sandbox registry" in answer.text
    for queue in ("now", "soon", "later"):
        assert f">{queue}<" in answer.text


def test_silent_relay_is_said(operator: FlaskClient, config: Config) -> None:
    cache.connect(config).delete(pulse.ROUND)

    assert "Does not go round" in operator.get(ADDRESS).text
    assert "The relay does not go round" in operator.get("/operator/").text


def test_valkey_that_is_away_is_an_answer(config: Config) -> None:
    away = replace(config, redis_url="redis://127.0.0.1:1/0")

    felt = pulse.feel_pulse(away)

    assert not felt.is_up
    with pytest.raises(RedisError):
        pulse.note_round(away)


def test_stuck_job_is_shown_with_its_error_and_runs_again(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter("operator_support")
    job = make_job(database, own_shop)

    shown = client.get(ADDRESS).text
    first = client.post(f"{ADDRESS}jobs/{job.id}/again", data={"csrf_token": token})
    second = client.post(f"{ADDRESS}jobs/{job.id}/again", data={"csrf_token": token})

    assert str(job.id) in shown
    assert "<b>" not in shown.partition("KeyError")[2][:20]
    assert first.status_code == 303
    assert second.status_code == 422
    with database.work(own_shop.id) as db:
        row = db.require(Job, job.id)
        assert (row.state, row.attempts, row.rung_at) == ("waiting", 0, None)


@pytest.mark.parametrize("role", ["operator_accounts", "operator_read_only"])
def test_other_roles_may_only_look(enter: Enter, database: Database, own_shop: Shop, role: str) -> None:
    client, token = enter(role)
    job = make_job(database, own_shop)

    answer = client.post(f"{ADDRESS}jobs/{job.id}/again", data={"csrf_token": token})

    assert answer.status_code == 403
    with database.work(own_shop.id) as db:
        assert db.require(Job, job.id).state == "stuck"


def test_unknown_job_is_not_found(enter: Enter, own_shop: Shop) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}jobs/{own_shop.id}/again", data={"csrf_token": token})

    assert answer.status_code == 404
