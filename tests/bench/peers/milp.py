"""The whole model by `scipy.optimize.milp`: arguments are the model and the seconds."""

import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tests.bench.peers.measured import Watch, report
from tests.bench.peers.programs import levels, read, worth


def main() -> None:
    """Solve and report."""
    program, seconds = read(sys.argv[1]), float(sys.argv[2])
    watch = Watch()
    shape = (len(program["lower"]), len(program["most"]))
    matrix = csr_array((program["values"], program["at"], program["starts"]), shape=shape)
    answer = milp(
        -program["gains"].astype(np.float64),
        integrality=program["whole"].astype(np.int64),
        bounds=Bounds(0, program["most"]),
        constraints=LinearConstraint(matrix, program["lower"], program["upper"]),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    took = watch.read()
    value = None if answer.x is None else worth(program, answer.x)
    bound = None if answer.mip_dual_bound is None else float(program["constant"] - answer.mip_dual_bound)
    reached = None if answer.x is None else levels(program, answer.x)
    report(**took, values=reached, value=value, bound=bound, optimal=answer.status == 0, threads=1)


if __name__ == "__main__":
    main()
