"""Delivery: killed between any two steps, refused, unanswered, misconfigured."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock, stops
from storefront.core.db import Database
from storefront.core.errors import Refused
from storefront.core.jobs import Job
from storefront.notifications import deliver
from storefront.notifications.messages import send_again
from storefront.notifications.models import Message
from tests.contracts.test_mailer import Post, _Talk
from tests.fixtures_letters import PostOffice, event_for

STEPS = (
    "letters.paper_kept",
    "letters.before_commit",
    "letters.committed",
    "mail.before_claim",
    "mail.claimed",
    "mail.answered",
    "mail.before_record",
    "mail.recorded",
)
SENT_BY_THEN = ("mail.answered", "mail.before_record")


@pytest.fixture
def server() -> Iterator[Post]:
    """A mail server that says what it is told to say."""
    post = Post()
    talk = type("Talk", (_Talk,), {"post": post})
    running = socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk)
    running.daemon_threads = True
    post.port = running.server_address[1]
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield post
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def by_server(post_office: PostOffice, server: Post) -> Iterator[PostOffice]:
    """The same shop with that server instead of a folder."""
    config = replace(post_office.config, smtp_url=f"smtp://127.0.0.1:{server.port}/?starttls=never")
    database = Database(config)
    yield PostOffice(
        config=config, database=database, reseller_id=post_office.reseller_id, platform_id=post_office.platform_id
    )
    deliver._mailer(config).close()  # type: ignore[attr-defined]  # of this adapter
    deliver._mailer.cache_clear()
    database.dispose()


def stop_once_at(label: str) -> None:
    def listen(where: str) -> None:
        if where == label:
            forget()
            raise stops.Stopped

    forget = stops.listen(listen)


@pytest.mark.crash
@pytest.mark.parametrize("step", STEPS)
def test_letter_killed_at_a_step_arrives_after_all(by_server: PostOffice, server: Post, step: str) -> None:
    # Only the first step is about the paper, and rendering one takes a second.
    event_id = by_server.happen(event_for(by_server, "order_placed" if step == STEPS[0] else "welcome"))
    by_server.hand_over()

    stop_once_at(step)
    with clock.Stopped(clock.now()) as stopped:
        with pytest.raises(stops.Stopped):
            by_server.work_off()
        stopped.forward(timedelta(seconds=by_server.config.job_lease_s + 1))
        by_server.work_off()
        stopped.forward(timedelta(seconds=by_server.config.operation_lease_s))
        by_server.work_off()

    [row] = by_server.messages(event_id)
    assert row.state == "sent"
    assert len(server.letters) == (2 if step in SENT_BY_THEN else 1)
    assert len({letter.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for letter in server.letters}) == 1


@pytest.mark.crash
def test_letter_is_never_sent_a_third_time_by_itself(by_server: PostOffice, server: Post) -> None:
    event_id = by_server.happen(event_for(by_server, "welcome"))
    by_server.hand_over()

    with clock.Stopped(clock.now()) as stopped:
        for _ in range(4):
            stop_once_at("mail.answered")
            try:
                by_server.work_off()
            except stops.Stopped:
                stopped.forward(timedelta(minutes=10))
    stops._listeners.clear()

    [row] = by_server.messages(event_id)
    assert (row.state, row.error) == ("failed", deliver.SILENCE)
    assert len(server.letters) == 2


def test_server_that_hangs_up_after_the_letter_gets_it_twice_at_most(by_server: PostOffice, server: Post) -> None:
    server.hangs_up_at = "DOT"
    event_id = by_server.happen(event_for(by_server, "welcome"))
    by_server.hand_over()

    with clock.Stopped(clock.now()) as stopped:
        for _ in range(6):
            by_server.work_off()
            stopped.forward(timedelta(hours=2))

    [row] = by_server.messages(event_id)
    assert (row.state, row.error) == ("failed", deliver.SILENCE)
    assert len(server.letters) == 2


def test_server_that_is_away_is_waited_for(by_server: PostOffice, server: Post) -> None:
    server.said["MAIL"] = b"451 later"
    event_id = by_server.happen(event_for(by_server, "welcome"))
    by_server.hand_over()

    with clock.Stopped(clock.now()) as stopped:
        by_server.work_off()
        [waiting] = by_server.messages(event_id)
        server.said.clear()
        stopped.forward(timedelta(minutes=2))
        by_server.work_off()

    [row] = by_server.messages(event_id)
    assert (waiting.state, "451" in waiting.error) == ("queued", True)
    assert (row.state, row.error, row.attempts) == ("sent", "", 2)


def test_server_that_stays_away_leaves_a_failed_letter_and_a_stuck_job(by_server: PostOffice, server: Post) -> None:
    server.said["MAIL"] = b"451 later"
    event_id = by_server.happen(event_for(by_server, "welcome"))
    by_server.hand_over()

    with clock.Stopped(clock.now()) as stopped:
        for _ in range(7):
            by_server.work_off()
            stopped.forward(timedelta(hours=2))

    [row] = by_server.messages(event_id)
    assert (row.state, row.attempts) == ("failed", 5)
    with by_server.database.work(by_server.reseller_id) as db:
        assert db.scalar(select(Job.state).where(Job.argument == str(row.id))) == "stuck"


def test_refused_address_is_not_tried_again(by_server: PostOffice, server: Post) -> None:
    server.said["RCPT"] = b"550 nobody here"
    event_id = by_server.run(event_for(by_server, "welcome"))

    [row] = by_server.messages(event_id)

    assert (row.state, row.attempts) == ("failed", 1)
    assert "nobody here" in row.error
    assert by_server.due() == []


def test_failed_letter_goes_again_as_the_same_letter(by_server: PostOffice, server: Post) -> None:
    server.said["RCPT"] = b"550 nobody here"
    event_id = by_server.run(event_for(by_server, "welcome"))
    server.said.clear()

    with by_server.database.work(by_server.reseller_id) as db:
        again = send_again(db, db.require(Message, by_server.messages(event_id)[0].id))
        db.commit()
    by_server.work_off()

    [row] = by_server.messages(event_id)
    assert again.id == row.id
    assert row.state == "sent"


def test_sent_letter_goes_again_as_a_new_letter(by_server: PostOffice, server: Post) -> None:
    event_id = by_server.run(event_for(by_server, "welcome"))
    [first] = by_server.messages(event_id)

    with by_server.database.work(by_server.reseller_id) as db:
        again = send_again(db, db.require(Message, first.id))
        with pytest.raises(Refused):
            send_again(db, db.require(Message, first.id))
        db.commit()
    by_server.work_off()

    [copy] = by_server.messages(first.id)
    assert copy.id == again.id
    assert copy.state == "sent"
    assert len({letter.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for letter in server.letters}) == 2


def test_old_secret_is_not_sent_again(post_office: PostOffice) -> None:
    event_id = post_office.run(event_for(post_office, "password_reset"))
    [row] = post_office.messages(event_id)

    with clock.Stopped(clock.now() + timedelta(hours=2)), post_office.database.work(post_office.reseller_id) as db:
        message = db.require(Message, row.id)
        with pytest.raises(Refused):
            send_again(db, message)
