"""Real processes that decide about the same places at the same moment."""

import json
import sys
from collections import Counter
from pathlib import Path

from volunteer_match import clock
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.app import create_app
from volunteer_match.config import Settings
from volunteer_match.db import db, retrying
from volunteer_match.errors import RuleBrokenError
from volunteer_match.placements import mend_steps, offers_service, service
from volunteer_match.web.wording import words_for

COORDINATOR = Actor("k" * 22, frozenset({Role.COORDINATOR}))


def main(plan_path: str) -> None:
    """Do the acts of one contestant, each round at the signal, and print what came of them."""
    plan = json.loads(Path(plan_path).read_text(encoding="utf-8"))
    app = create_app(Settings(**plan["settings"]))
    outcomes: Counter[str] = Counter()
    with app.test_request_context():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for acts in plan["rounds"]:
            sys.stdin.readline()
            for verb, match_id, user_id in acts:
                outcomes[_act(verb, match_id, user_id)] += 1
            db.session.remove()
            sys.stdout.write("done\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps(outcomes) + "\n")


def _act(verb: str, match_id: str, user_id: str) -> str:
    try:
        if verb == "approve":
            retrying(service.approve)(COORDINATOR, match_id)
        elif verb == "mend":
            mend_steps.mend_waiting(clock.now())
        else:
            volunteer = Actor(user_id, frozenset({Role.VOLUNTEER}), Channel.MAIL)
            retrying(offers_service.answer_own)(volunteer, match_id, verb == "accept", "")
    except RuleBrokenError as error:
        return f"{type(error).__name__}:{error.code}:{bool(words_for(error))}"
    return "won"


if __name__ == "__main__":
    main(sys.argv[1])
