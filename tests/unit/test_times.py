"""Until when something holds, and which time a question is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.moments import beginning
from memory.times import day_of, period_of, span_of

NOW = datetime(2026, 11, 18, 15, 30)  # a Wednesday


def day(text):
    return None if text is None else datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("until Friday I'm in Porto", None, "2026-11-21"),
        ("I'm staying in Lyon till the 12th", None, "2026-12-13"),
        ("away until 3 May", None, "2027-05-04"),
        ("until May 3rd, 2028", None, "2028-05-04"),
        ("until June", None, "2027-06-01"),
        ("until the end of the month", None, "2026-12-01"),
        ("until tomorrow", None, "2026-11-20"),
        ("until next week", None, "2026-11-23"),
        ("this week I'm in Berlin", None, "2026-11-23"),
        ("we're in Rome for two weeks", None, "2026-12-03"),
        ("next month I'm in Vienna", "2026-12-01", "2027-01-01"),
        ("I'm in Rome from Monday to Friday", "2026-11-23", "2026-11-28"),
        ("from 3 until 12 June I'm away", "2027-06-03", "2027-06-13"),
        ("full time from next month", "2026-12-01", None),
        ("bis Sonntag bin ich in Hamburg", None, "2026-11-23"),
        ("ich bin nächste Woche in Wien", "2026-11-23", "2026-11-30"),
        ("für zwei Wochen bin ich in Wien", None, "2026-12-03"),
        ("jusqu’à vendredi je suis à Nice", None, "2026-11-21"),
        ("la semaine prochaine je suis à Lille", "2026-11-23", "2026-11-30"),
        ("jusqu'au 3 décembre", None, "2026-12-04"),
        ("tot vrijdag zit ik in Breda", None, "2026-11-21"),
        ("ik ben deze week in Gent", None, "2026-11-23"),
        ("hasta el viernes estoy en Oporto", None, "2026-11-21"),
        ("esta semana estoy en Vigo", None, "2026-11-23"),
        ("jusqu'au 12 je suis à Lyon", None, "2026-12-13"),
    ],
)
def test_how_long_it_holds(text, begins, ends):
    assert span_of(text, NOW) == (day(begins), day(ends))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("I'm moving to Porto in May", "2027-05-01"),
        ("we're moving to Porto next month", "2026-12-01"),
        ("I'm starting at Vosper in May 2028", "2028-05-01"),
        ("we're moving to Porto soon", None),
        ("we may be moving to Porto", None),
        ("I'm moving, as I said in May 2025", None),
    ],
)
def test_when_what_is_to_come_begins(text, begins):
    assert day_of(text, NOW) == day(begins)


@pytest.mark.parametrize(
    "text",
    [
        "I live in Leeds",
        "we moved to Hull this week",
        "I've been vegan for two weeks",
        "I work Monday until Friday",
        "I work until 6 pm",
        "on nights, 10 till 6",
        "I'm a Pisces, 3 March",
        "the shop is open until 10:30",
        "until 31 June",
        "I turned 35 yesterday",
        "I'm 35 today",
        "I may go",
        "I wohne seit zwei Wochen in Köln",
    ],
)
def test_what_says_nothing_of_an_end(text):
    assert span_of(text, NOW) is None


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("what did I do last May?", "2026-05-01", "2026-06-01"),
        ("where did I live in summer 2023", "2023-06-01", "2023-09-01"),
        ("what did I read last winter", "2025-12-01", "2026-03-01"),
        ("what was it two weeks ago", "2026-11-02", "2026-11-09"),
        ("what did I say yesterday", "2026-11-17", "2026-11-18"),
        ("last week?", "2026-11-09", "2026-11-16"),
        ("in May 2023", "2023-05-01", "2023-06-01"),
        ("in December", "2025-12-01", "2026-01-01"),
        ("on 3 May 2024", "2024-05-03", "2024-05-04"),
        ("what did I eat on Friday", "2026-11-13", "2026-11-14"),
        ("in 2019", "2019-01-01", "2020-01-01"),
        ("before 2020", "1900-01-01", "2020-01-01"),
        ("between 2019 and 2021", "2019-01-01", "2022-01-01"),
        ("from May to July 2023", "2023-05-01", "2023-08-01"),
        ("what is on next week", "2026-11-23", "2026-11-30"),
        ("letzte Woche", "2026-11-09", "2026-11-16"),
        ("vor zwei Wochen", "2026-11-02", "2026-11-09"),
        ("im Mai 2023", "2023-05-01", "2023-06-01"),
        ("l'année dernière", "2025-01-01", "2026-01-01"),
        ("il y a trois mois", "2026-08-01", "2026-09-01"),
        ("vorige week", "2026-11-09", "2026-11-16"),
        ("twee weken geleden", "2026-11-02", "2026-11-09"),
        ("el año pasado", "2025-01-01", "2026-01-01"),
        ("hace dos semanas", "2026-11-02", "2026-11-09"),
    ],
)
def test_the_time_of_a_question(question, start, end):
    assert period_of(question, NOW) == (day(start), day(end))


def test_since_lasts_until_now():
    assert period_of("what happened since March?", NOW) == (day("2026-03-01"), NOW)
    assert period_of("après 2020", NOW) == (day("2021-01-01"), NOW)


@pytest.mark.parametrize("question", ["where do I live?", "may I ask?", "the 3 cats", "before I moved", ""])
def test_a_question_about_no_time(question):
    assert period_of(question, NOW) is None


def test_leap_days_come_round():
    assert span_of("until 29 February", NOW) == (None, day("2028-03-01"))


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1))
SAID = """until bis jusqu'au tot hasta from since before last next this two 3 the 12th 31 may friday montag
week month mois weekend june 2023 summer yesterday tomorrow ago vor end of i'm in to and 29 february"""
WORDS = st.lists(st.sampled_from(SAID.split()), max_size=8).map(" ".join)


@given(WORDS, MOMENTS)
def test_spans_are_ordered_and_end_later(text, now):
    span = span_of(text, now)
    if span is not None:
        begins, ends = span
        assert begins or ends
        assert begins is None or begins > now
        assert ends is None or ends > (begins or now)


@given(WORDS, MOMENTS)
def test_periods_are_ordered(text, now):
    period = period_of(text, now)
    assert period is None or period[0] < period[1]


@given(st.text(max_size=60), MOMENTS)
def test_any_text_can_be_read(text, now):
    span_of(text, now), period_of(text, now)


@given(
    st.sampled_from(["friday", "3 may", "the 31st", "summer", "december", "lundi", "29 february"]), MOMENTS
)
def test_looking_ahead_is_not_over_and_looking_back_has_begun(words, now):
    assert beginning(words, now)[1] > now
    assert beginning(words, now, ahead=False)[0] <= now


@given(st.sampled_from(["until friday", "until the 12th", "bis 3. mai", "hasta mañana"]), MOMENTS)
def test_midnight_is_that_of_the_time_given(text, now):
    plain, aware = span_of(text, now)[1], span_of(text, now.replace(tzinfo=UTC))[1]
    assert aware == plain.replace(tzinfo=UTC) and plain - plain.replace(hour=0, minute=0) == timedelta(0)
