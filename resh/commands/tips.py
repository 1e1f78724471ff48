"""What is worth knowing: a line that works, and what it does. `totd` tells one each day, and the tests try them all."""

from __future__ import annotations

TIPS = (
    ("search is(volume) and volume_status = available and age > 30d", "disks that nobody has used for a month"),
    ("search is(instance) and tags.owner = null | count account", "whose machines have no owner, account by account"),
    ("search --at 1w is(instance) | count instance_status", "any search can be about the past"),
    ("diff 1w is(security_group)", "what appeared, vanished and changed in a week"),
    ("history is(instance) | head 5", "what happened to your machines last"),
    ("search is(volume) | list --csv id, volume_size, age | write volumes.csv", "rows become a file for a spreadsheet"),
    ("search is(aws_vpc) limit 1 -[0:2]-> | format --mermaid", "a network as a picture for a wiki"),
    ("search is(volume) | aggregate region: sum(volume_size) as gigabytes", "how much there is where"),
    ("search --explain is(volume) and volume_size > 100", "why a search is as fast as it is"),
    (
        "jobs add --id nag --schedule '0 9 * * MON' 'search is(volume) and age > 90d | list id, age'",
        "a line that runs every Monday at nine",
    ),
    ("search is(volume) | tree", "resources by where they live"),
    ("graph copy before; graph=before search is(volume) | count", "keep the graph as it is now, and search it whenever you like"),
    ("commands list", "lines that you type often become commands of your own: commands add"),
    ("search is(volume) | jq '.volume_size * 2'", "jq works on every row"),
    ("kinds -p volume_size", "which kinds have a property"),
    ("config diff", "which settings are not as they come"),
    ("help placeholders", "@TODAY@ and the like stand for times in every line"),
    ("metrics list", "what is measured at each run, for Prometheus or for plots in the terminal"),
)
