"""``dormouse facts``: what Dormouse knows, to read and to change."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from app.commands.common import AsJson, Context, alone, day, dormouse_of, say, say_json, table

app = typer.Typer(no_args_is_help=False, help="What Dormouse knows about you: list, add, change, forget.")
FactId = Annotated[int, typer.Argument(help="The number in front of the fact.")]


@app.callback(invoke_without_command=True)
def facts(context: Context, as_json: AsJson = False) -> None:
    if alone(context, as_json):
        show(context, as_json=as_json)


@app.command("list")
def show(
    context: Context,
    search: Annotated[str, typer.Argument(help="Words to look for.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also what is no longer true.")] = False,
    topic: Annotated[Optional[str], typer.Option(help="Only this topic.")] = None,  # noqa: UP045
    as_json: AsJson = False,
) -> None:
    """List what is known."""
    with dormouse_of(context) as dormouse:
        found = dormouse.facts(search, None if every else "current", topic)
        if not every:
            found = [*dormouse.facts(search, "proposed", topic), *found]
    if as_json:
        say_json(found)
        return
    rows = [(fact.id, "" if fact.state == "current" else f"({fact.state})", fact.sentence) for fact in found]
    table(rows, "Nothing is known yet. Tell Dormouse about yourself, or add a fact.")


@app.command()
def profile(context: Context, as_json: AsJson = False) -> None:
    """What is always in mind, by topic, and about how many tokens of each prompt it takes."""
    from memory.profile import by_topic

    with dormouse_of(context) as dormouse:
        lines, budget = dormouse.profile(), dormouse.settings().profile_tokens
    topics, cost = by_topic(lines), sum(line.tokens for line in lines)
    if as_json:
        say_json({"tokens": cost, "budget": budget, "topics": topics})
        return
    for topic, those in topics.items():
        say(topic.capitalize())
        table([(f"  {line.fact.id}", line.tokens, line.fact.sentence) for line in those], "")
    say(f"About {cost} of {budget} tokens." if lines else "Nothing is always in mind yet.")


@app.command()
def resting(context: Context, as_json: AsJson = False) -> None:
    """What no reply ever used and so rests: found by its words, and no longer by its meaning."""
    with dormouse_of(context) as dormouse:
        items = dormouse.resting()
        facts = {item.id: dormouse.memory.facts.fact(item.id) for item, _ in items if item.kind == "fact"}
    if as_json:
        say_json([{"kind": item.kind, "id": item.id, "why": sentence} for item, sentence in items])
        return
    if not items:
        say("Nothing rests: there is room for all.")
        return
    rows = [(item.id, facts[item.id].sentence, why) for item, why in items if item.kind == "fact"]
    table(rows, "No fact rests.")
    say(f"{len(items) - len(facts)} messages rest.")


@app.command()
def add(context: Context, attribute: str, value: str, as_json: AsJson = False) -> None:
    """Add a fact, such as: dormouse facts add "dog's name" Pim."""
    with dormouse_of(context) as dormouse:
        fact = dormouse.add_fact(attribute, value)
    say_json(fact) if as_json else say(f"{fact.id}  {fact.sentence}")


@app.command()
def edit(
    context: Context,
    fact_id: FactId,
    value: str,
    attribute: Annotated[str, typer.Option(help="Also give it another name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Change a fact; the old one is kept as history."""
    with dormouse_of(context) as dormouse:
        name = attribute or dormouse.memory.facts.fact(fact_id).attribute
        fact = dormouse.edit_fact(fact_id, name, value)
    say_json(fact) if as_json else say(f"{fact.id}  {fact.sentence}")


@app.command()
def retract(context: Context, fact_id: FactId) -> None:
    """No longer hold a fact true; undo brings it back."""
    with dormouse_of(context) as dormouse:
        say(f"No longer held true: {dormouse.retract(fact_id).sentence}")


@app.command()
def forget(
    context: Context,
    fact_id: FactId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a fact from everywhere, the messages that told it and what nights made of it included."""
    with dormouse_of(context) as dormouse:
        fact = dormouse.memory.facts.fact(fact_id)
        if not yes:
            typer.confirm(f"Forget for good: {fact.sentence}", abort=True)
        gone = dormouse.forget(fact_id)
    if as_json:
        say_json({"facts": gone.facts, "turns": gone.turns, "nights": gone.nights})
        return
    say(f"Forgotten, with {len(gone.turns)} messages." + (" A night was taken off." if gone.nights else ""))


@app.command()
def history(context: Context, fact_id: FactId, as_json: AsJson = False) -> None:
    """What a fact replaced, and what replaced it."""
    with dormouse_of(context) as dormouse:
        line = dormouse.history(fact_id)
    if as_json:
        say_json(line)
        return
    rows = [(fact.id, fact.state, day(fact.recorded), fact.sentence, fact.quote) for fact in line]
    table(rows, "That fact is not known.")


@app.command()
def undo(context: Context) -> None:
    """Take back the last change."""
    with dormouse_of(context) as dormouse:
        say(dormouse.undo() or "There is nothing to undo.")
