"""Counts .pb files with pabutools: one JSON task a line in, one JSON answer a line out.

pabutools is GPL-3.0: it runs here, as a process of its own, and nothing of it goes into the program.
"""

import json
import sys
import time

from pabutools.election import Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

sys.setrecursionlimit(100_000)
read = {}


def election(path):
    if path not in read:
        read.clear()
        instance, profile = parse_pabulib(path)
        # What costs more than everything cannot win, and must not hold up a completion.
        for project in list(instance):
            if project.cost > instance.budget_limit:
                instance.remove(project)
        if instance.meta["vote_type"] in ("approval", "choose-1"):
            profile = profile.as_multiprofile()
        read[path] = (instance, profile)
    return read[path]


def count(task):
    instance, profile = election(task["file"])
    rule = task["rule"]
    began = time.process_time()
    if rule == "phragmen":
        chosen = sequential_phragmen(instance, profile)
    elif rule == "greedy":
        chosen = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat)
    else:
        sat = {"cost": Cost_Sat, "number": Cardinality_Sat, "points": Additive_Cardinal_Sat}[task["gain"]]
        step = 1 if rule == "mes+add1" else None
        chosen = method_of_equal_shares(instance, profile, sat_class=sat, voter_budget_increment=step)
    return {"winners": sorted(project.name for project in chosen), "seconds": time.process_time() - began}


for line in sys.stdin:
    try:
        answer = count(json.loads(line))
    except Exception as fault:  # One file that it cannot count is no reason to stop.
        answer = {"fault": f"{type(fault).__name__}: {fault}"[:200]}
    print(json.dumps(answer), flush=True)
