"""The rules once more, written plainly from docs/matching-format.md: checks plans, finds best plans by trial.

It reads documents, not the core's own types, and shares no rule with the core. Only the quality of a
pair is asked from the core, where it is shown as a sum and tested by itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations

from volunteer_match.matching.core import index, score
from volunteer_match.matching.core.format import problem_from_json


def when(text):
    return datetime.fromisoformat(text)


class World:
    def __init__(self, doc):
        self.doc = doc
        self.sessions = {each["id"]: each for each in doc["sessions"]}
        self.roles = {each["id"]: each for each in doc["roles"]}
        self.people = {each["id"]: each for each in doc["volunteers"]}
        self.fixed = {tuple(each) for each in doc.get("fixed", [])}
        self.pairs = {(row[0], row[1]): row[2] for row in doc.get("pairs", [])}
        self.lookup = index.build(problem_from_json(doc))
        self.known = {}
        self.step = round(30 * doc.get("weights", {}).get("spread_load", 1.0))

    def session(self, role):
        return self.sessions[self.roles[role]["session"]]

    def times(self, session, minutes):
        gap = timedelta(0) if session.get("remote") else timedelta(minutes=minutes)
        return when(session["starts"]) - gap, when(session["ends"]) + gap

    def occupied(self, session):
        return self.times(session, self.doc.get("travel_buffer_minutes", 0) / 2)

    def week(self, session):
        starts = when(session["starts"]).date()
        return session.get("week", str(starts - timedelta(days=starts.weekday())))

    def hours(self, role, who):
        session = self.session(role)
        length = (when(session["ends"]) - when(session["starts"])).total_seconds() / 3600
        return self.pairs.get((role, who), {}).get("hours", length)

    def overlap(self, one, other):
        (a, b), (c, d) = self.occupied(one), self.occupied(other)
        return a < d and c < b

    def cleared(self, who, session):
        person = self.people[who]
        days = [person.get("cleared_until"), person.get("cleared_for", {}).get(self.organiser(session))]
        last = when(session["ends"]).date()
        return any(day is not None and date.fromisoformat(day) >= last for day in days)

    def organiser(self, session):
        return session.get("organiser", session["partner"])

    def eligible(self, role, who):
        if (role, who) not in self.known:
            self.known[role, who] = self.find_eligible(role, who)
        return self.known[role, who]

    def is_thing(self, who):
        return self.people[who].get("resource", False)

    def find_eligible(self, role, who):
        wanted, session, person = self.roles[role], self.session(role), self.people[who]
        checked = session.get("children", 0) and not self.is_thing(who)
        return not (
            person.get("withheld")
            or self.is_thing(who) != wanted.get("resource", False)
            or self.is_forbidden(role, who)
            or person.get("age", -1) < wanted.get("min_age", -1)
            or (checked and not self.cleared(who, session))
            or any(
                person.get("skills", {}).get(k, 0) < n for k, n in wanted.get("required_skills", {}).items()
            )
            or set(wanted.get("languages", [])) - set(person.get("languages", []))
            or not self.is_available(session, person)
            or self.is_busy(role, who)
        )

    def is_forbidden(self, role, who):
        session = self.session(role)
        targets = {role, session["id"], session["need"], session["partner"]}
        return any(row[0] == who and row[1] in targets for row in self.doc.get("forbidden", []))

    def is_available(self, session, person):
        buffer = self.doc.get("availability_buffer_minutes", self.doc.get("travel_buffer_minutes", 0))
        starts, ends = self.times(session, buffer)
        spans = person.get("available")
        if spans is None:
            return True
        minutes = int((ends - starts).total_seconds() // 60)
        moments = [starts + timedelta(minutes=minute) for minute in range(minutes)]
        return all(any(when(a) <= moment < when(b) for a, b in spans) for moment in moments[::5])

    def is_busy(self, role, who):
        session, half = self.session(role), timedelta(minutes=self.doc.get("travel_buffer_minutes", 0) / 2)
        starts, ends = self.occupied(session)
        busy = [(when(a) - half, when(b) + half) for a, b in self.people[who].get("busy", [])]
        others = [self.session(other) for other, person in self.fixed if person == who and other != role]
        return any(a < ends and starts < b for a, b in busy) or any(self.overlap(session, o) for o in others)

    def candidates(self):
        return [
            (role, who)
            for role in self.roles
            for who in self.people
            if (role, who) not in self.fixed and self.eligible(role, who)
        ]

    def broken(self, new):
        """Name every rule a set of new pairs breaks."""
        faults = [f"not eligible {pair}" for pair in new if not self.eligible(*pair)]
        for role in {role for role, _ in new}:
            if self.heads(role, new) > self.roles[role].get("preferred", self.roles[role]["min"]):
                faults.append(f"too many at {role}")
        for one, other in combinations(sorted(new), 2):
            if one[1] == other[1] and self.overlap(self.session(one[0]), self.session(other[0])):
                faults.append(f"overlap {one} {other}")
        return faults + self.broken_caps(new) + self.broken_sessions(new)

    def heads(self, role, new):
        return sum(1 for other, _ in {*new, *self.fixed} if other == role)

    def broken_caps(self, new):
        faults = []
        for who in {who for _, who in new}:
            person, own = self.people[who], [role for role, each in new if each == who]
            if len(own) > person.get("max_new", 99):
                faults.append(f"too many offers for {who}")
            for week in {self.week(self.session(role)) for role in own}:
                hours, sessions = self.used(who, week, new)
                if hours > person.get("max_hours_per_week", 1e9) + 1e-9:
                    faults.append(f"too many hours for {who}")
                if sessions > person.get("max_sessions_per_week", 99):
                    faults.append(f"too many sessions for {who}")
        return faults

    def used(self, who, week, new):
        roles = [r for r, each in {*new, *self.fixed} if each == who and self.week(self.session(r)) == week]
        before = [row for row in self.people[who].get("used", []) if row[0] == week]
        hours = sum(self.hours(role, who) for role in roles) + sum(row[1] for row in before)
        return hours, len(roles) + sum(row[2] for row in before)

    def broken_sessions(self, new):
        faults = []
        for session in {self.session(role)["id"] for role, _ in new}:
            if not self.joint(session, new):
                faults.append(f"joint rule of {session}")
            there = {who for role, who in new if self.session(role)["id"] == session}
            confirmed = {who for role, who in self.fixed if self.session(role)["id"] == session}
            for group in self.doc.get("together", []):
                if not confirmed & set(group) and 0 < len(there & set(group)) < len(group):
                    faults.append(f"friends apart in {session}")
        return faults

    def joint(self, session, new):
        this = self.sessions[session]
        there = {who for role, who in {*new, *self.fixed} if self.session(role)["id"] == session}
        there = {who for who in there if not self.is_thing(who)}
        somebody = there or any(self.session(role)["id"] == session for role, _ in new)
        adults = [who for who in there if self.people[who].get("age", 0) >= 18 and self.cleared(who, this)]
        staff = this.get("staff_cleared_adults", 0)
        needed = this.get("min_cleared_adults", 2 if this.get("children") else 0)
        known = staff or any(not self.people[who].get("newcomer") for who in there)
        alone = this.get("newcomers_alone", this.get("remote", False))
        return staff + len(adults) >= needed and bool(known or alone or not somebody)

    def runnable(self, session, new):
        roles = [role for role in self.roles.values() if role["session"] == session]
        if not any(role["min"] for role in roles):
            return True
        return self.joint(session, new) and all(self.heads(r["id"], new) >= r["min"] for r in roles)

    def values(self, new):
        """Return what a set of new pairs is worth, level by level."""
        deficit = self.doc.get("partner_deficit", {})
        coverage = sum(
            this.get("priority", 1) * (100 + round(100 * deficit.get(this["partner"], 0)))
            for name, this in self.sessions.items()
            if self.runnable(name, new)
        )
        counts = [(self.heads(name, new), each) for name, each in self.roles.items()]
        places = sum(min(heads, each["min"]) for heads, each in counts)
        extras = sum(
            max(0, min(heads, each.get("preferred", each["min"])) - each["min"]) for heads, each in counts
        )
        return coverage / 100, places, extras, self.quality(new)

    def quality(self, new):
        total = sum(self.score(*pair) for pair in new)
        for who in {who for _, who in new}:
            person = self.people[who]
            if self.is_thing(who):
                continue
            carried = min(person.get("recent_sessions", 0) + person.get("recent_asks", 0), 40)
            carried += sum(1 for _, each in self.fixed if each == who)
            count = sum(1 for _, each in new if each == who)
            total -= sum(self.step * (carried + place) for place in range(count))
        return total

    def score(self, role, who):
        parts = score.components(self.lookup, self.lookup.role_at[role], self.lookup.volunteer_at[who])
        return sum(part.points for part in parts)

    def best(self, into=None, out=None):
        """Try every allowed set of pairs (with one in it, without another) and return the best values."""
        allowed = [[]]
        for pair in self.candidates():
            grown = [[*new, pair] for new in allowed]
            allowed += [new for new in grown if not self.broken_caps(new) and self.together_free(new)]
        asked = (new for new in allowed if (into is None or into in new) and out not in new)
        return max((self.values(new) for new in asked if not self.broken(new)), default=None)

    def together_free(self, new):
        last = self.session(new[-1][0])
        return not any(who == new[-1][1] and self.overlap(self.session(role), last) for role, who in new[:-1])
