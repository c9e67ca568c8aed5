META
key;value
description;A made-up quarter, for tests
country;Nowhere
unit;Sample
instance;1404
num_projects;5
num_votes;9
budget;100000,5
vote_type;approval
rule;greedy-threshold
min_project_score_threshold;2
categories;green,play
budget_per_category;50000,70000
PROJECTS
project_id;cost;votes;name;category;target;selected
12;40000;5;Benches;green;"children,seniors";1
7;60000;4;"Trees; ""shade""";play,green;;0
3;30000,5;1;Swing;play;none;3
9;70000;3;Roof;;adults;2
5;999999999;2;Withdrawn after the vote;green;;0
VOTES
voter_id;vote;age
1;12;30
2;12;none
3;12,7;
4;12,9;41
5;7,12;22
6;7,9;70
7;7,5,3;18
8;9,5;19
9;;33
