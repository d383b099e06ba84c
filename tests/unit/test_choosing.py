"""Which notes are said: the best, the one it leads to, and of dated ones the latest."""

from app.choosing import chosen

SISTER = "The user's sister Ysolde is married to Ama."
NOTES = (SISTER, "Ama is a potter.", "Ysolde is a farrier.", "The user's brother is single.")


def said(question, notes, odds):
    kept = sorted((at for at, odd in enumerate(odds) if odd >= -1), key=lambda at: -odds[at])
    return [notes[at] for at in chosen(question, notes, odds, kept)]


def test_the_best_leads_to_the_note_behind_it():
    assert said("What does my sister's wife do?", NOTES, (1.0, -2.5, -2.8, -6.0)) == [
        SISTER,
        "Ama is a potter.",
    ]


def test_it_leads_nowhere_where_nothing_unusual_is_shared_or_it_is_unlikely():
    notes = ("The user has a dog.", "The user has a cat.", "The user's cat is old.")
    assert said("Do I have a dog?", notes, (2.0, -2.0, -2.0)) == [notes[0]]
    assert said("What does my sister's wife do?", NOTES, (1.0, -4.0, -4.0, -6.0)) == [SISTER]


def test_two_sure_notes_are_both_said():
    assert said("Who are my siblings?", NOTES, (1.0, -5.0, 0.5, 2.0)) == [SISTER, NOTES[3]]


MOVED = ("(5 May) The rehearsal is in the crypt.", "(12 May) The rehearsal has moved to the ark.")


def test_of_dated_notes_the_latest_holds():
    assert said("Where do we rehearse?", MOVED, (2.0, 1.0)) == [MOVED[1]]
    assert said("Where did we rehearse before?", MOVED, (2.0, 1.0)) == list(MOVED)
    years = ("In March 2023 the user sold the Dart.", "In June 2023 the user bought an Arosa.")
    assert said("What car do I have?", years, (2.0, 1.0)) == [years[1]]


def test_what_is_not_dated_stays_beside_it():
    notes = (*MOVED, "The user sings alto.")
    assert said("Where do we rehearse, and what do I sing?", notes, (2.0, -4.0, 1.0)) == [MOVED[0], notes[2]]
