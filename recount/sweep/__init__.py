"""Many runs of chapters at once: every combination of parameters, one table of what came of it.

`grid` reads the parameters, `plan` turns them into runs, `engine` has those run that are not done
yet (on this machine: `local`, on a cluster: `cluster`) and keeps each as soon as it ends (`store`);
`table` is the table of all. `scenarios` answers the same grid from the audit alone, without a run.
"""
