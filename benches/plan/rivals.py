"""Plans the same day with another engine: rivals.py ENGINE PROBLEM.json SECONDS SEED

Reads our own JSON with hard windows, no breaks and no promises, and prints the routes as positions in `jobs`, crew by
crew. Whether they are possible and what they cost is worked out by whoever asked. One thread each.
"""

import json
import sys

import numpy

FORBIDDEN = 10_000_000


def matrix_of(problem):
    size = problem["travel"]["size"]
    return numpy.array(problem["travel"]["time"], dtype=numpy.int64).reshape(size, size)


def suits(job, crew):
    return job["skills"] & ~crew["skills"] == 0


def pyvrp(problem, seconds, seed):
    import pyvrp
    from pyvrp.stop import MaxRuntime

    time = matrix_of(problem)
    jobs, crews = problem["jobs"], problem["crews"]
    required = len({job["worth"] for job in jobs}) == 1
    skills = sorted({crew["skills"] for crew in crews})
    # What a crew cannot do lies beyond all its ways.
    profiles = []
    for skill in skills:
        ways = time.copy()
        for job in jobs:
            if not suits(job, {"skills": skill}):
                ways[job["place"], :] = FORBIDDEN
                ways[:, job["place"]] = FORBIDDEN
        numpy.fill_diagonal(ways, 0)
        profiles.append(ways)
    depots = sorted({crew["start"] for crew in crews})
    clients = [
        pyvrp.Client(
            job["place"],
            delivery=[job["load"][0]],
            service_duration=job["service"],
            tw_early=job["earliest"],
            tw_late=job["latest"],
            prize=0 if required else job["worth"],
            required=required,
        )
        for job in jobs
    ]
    types = [
        pyvrp.VehicleType(
            1,
            capacity=[crew["capacity"][0]],
            start_depot=depots.index(crew["start"]),
            end_depot=depots.index(crew["end"]),
            tw_early=crew["from"],
            tw_late=crew["until"],
            profile=skills.index(crew["skills"]),
        )
        for crew in crews
    ]
    if len({(c["start"], c["skills"], c["from"], c["until"]) for c in crews}) == 1:
        crew = crews[0]
        types = [
            pyvrp.VehicleType(
                len(crews),
                capacity=[crew["capacity"][0]],
                tw_early=crew["from"],
                tw_late=crew["until"],
            )
        ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(time))],
        clients,
        [pyvrp.Depot(place) for place in depots],
        types,
        profiles,
        profiles,
    )
    result = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    routes = [[] for _ in crews]
    free = {kind: list(range(len(crews))) if len(types) == 1 else [kind] for kind in range(len(types))}
    for route in result.best.routes():
        crew = free[route.vehicle_type()].pop(0)
        routes[crew] = [visit for visit in visits(route)]
    return routes


def visits(route):
    """Clients of a route, whatever the release calls them."""
    for visit in route:
        if isinstance(visit, int):
            yield visit
        elif visit.is_client():
            yield visit.idx


def ortools(problem, seconds, seed):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    time = matrix_of(problem).tolist()
    jobs, crews = problem["jobs"], problem["crews"]
    starts = [crew["start"] for crew in crews]
    ends = [crew["end"] for crew in crews]
    manager = pywrapcp.RoutingIndexManager(len(time), len(crews), starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    service = [0] * len(time)
    load = [0] * len(time)
    for job in jobs:
        service[job["place"]] = job["service"]
        load[job["place"]] = job["load"][0]
    node = manager.IndexToNode
    way = routing.RegisterTransitCallback(lambda a, b: time[node(a)][node(b)])
    spent = routing.RegisterTransitCallback(lambda a, b: time[node(a)][node(b)] + service[node(a)])
    heavy = routing.RegisterUnaryTransitCallback(lambda a: load[node(a)])
    routing.SetArcCostEvaluatorOfAllVehicles(way)
    horizon = max(crew["until"] for crew in crews)
    routing.AddDimension(spent, horizon, horizon, False, "time")
    capacities = [min(crew["capacity"][0], 1 << 40) for crew in crews]
    routing.AddDimensionWithVehicleCapacity(heavy, 0, capacities, True, "load")
    times = routing.GetDimensionOrDie("time")
    for index, crew in enumerate(crews):
        times.CumulVar(routing.Start(index)).SetRange(crew["from"], crew["until"])
        times.CumulVar(routing.End(index)).SetRange(crew["from"], crew["until"])
    required = len({job["worth"] for job in jobs}) == 1
    place_of = {job["place"]: index for index, job in enumerate(jobs)}
    for job in jobs:
        at = manager.NodeToIndex(job["place"])
        times.CumulVar(at).SetRange(job["earliest"], min(job["latest"], horizon))
        able = [index for index, crew in enumerate(crews) if suits(job, crew)]
        if not required:
            routing.AddDisjunction([at], job["worth"])
        if len(able) < len(crews):
            routing.VehicleVar(at).SetValues([-1] + able)
    used = set(starts + ends)
    for place in range(len(time)):
        # A base that is nobody's is not to be visited.
        if place not in used and place not in place_of:
            routing.AddDisjunction([manager.NodeToIndex(place)], 0)
    wishes = pywrapcp.DefaultRoutingSearchParameters()
    wishes.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    wishes.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    wishes.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(wishes)
    routes = []
    for index in range(len(crews)):
        stops = []
        at = routing.Start(index)
        while found and not routing.IsEnd(at):
            place = node(at)
            if place in place_of:
                stops.append(place_of[place])
            at = found.Value(routing.NextVar(at))
        routes.append(stops)
    return routes


def vroom(problem, seconds, seed, level):
    import datetime

    import vroom

    time = matrix_of(problem)
    jobs, crews = problem["jobs"], problem["crews"]
    worths = sorted({job["worth"] for job in jobs})
    bits = lambda n: {bit for bit in range(64) if n >> bit & 1}
    day = vroom.Input()
    day.set_durations_matrix("car", time.astype(numpy.uint32))
    for index, crew in enumerate(crews):
        day.add_vehicle(
            vroom.Vehicle(
                index,
                start=crew["start"],
                end=crew["end"],
                capacity=[min(crew["capacity"][0], 1 << 40)],
                skills=bits(crew["skills"]),
                time_window=vroom.TimeWindow(crew["from"], crew["until"]),
            )
        )
    for index, job in enumerate(jobs):
        day.add_job(
            vroom.Job(
                index,
                job["place"],
                default_service=job["service"],
                delivery=vroom.Amount([job["load"][0]]),
                skills=bits(job["skills"]),
                # A sum of priorities is what it makes largest: 1, 10, 33, 100.
                priority=[3, 10, 30, 100][worths.index(job["worth"])] if len(worths) > 1 else 1,
                time_windows=[vroom.TimeWindow(job["earliest"], min(job["latest"], 1 << 31))],
            )
        )
    found = day.solve(level, nb_threads=1, timeout=datetime.timedelta(seconds=seconds))
    routes = [[] for _ in crews]
    table = found.routes
    for _, row in table[table["type"] == "job"].iterrows():
        routes[int(row["vehicle_id"])].append(int(row["id"]))
    return routes


def main():
    engine, path, seconds, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    with open(path, encoding="utf-8") as file:
        problem = json.load(file)
    engines = {
        "pyvrp": lambda: pyvrp(problem, seconds, seed),
        "ortools": lambda: ortools(problem, seconds, seed),
        "vroom-x0": lambda: vroom(problem, seconds, seed, 0),
        "vroom-x5": lambda: vroom(problem, seconds, seed, 5),
    }
    print(json.dumps({"routes": engines[engine]()}))


main()
