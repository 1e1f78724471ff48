# fish completion of resh; made by: resh completion fish
complete -c resh -f
complete -c resh -n '__fish_use_subcommand' -s h -l help -d 'show this help message and exit'
complete -c resh -n '__fish_use_subcommand' -s c -x -d 'run this line and end; repeatable'
complete -c resh -n '__fish_use_subcommand' -s f -r -F -d 'run the lines of this file and end; - is standard input'
complete -c resh -n '__fish_use_subcommand' -l home -r -F -d 'state folder (default: $RESH_HOME, else the platform'\''s data folder)'
complete -c resh -n '__fish_use_subcommand' -l config -r -F -d 'settings from this YAML file, over those stored'
complete -c resh -n '__fish_use_subcommand' -l set -x -d 'one setting for this run; repeatable'
complete -c resh -n '__fish_use_subcommand' -l schedule -d 'start workflows on their schedules in a script too'
complete -c resh -n '__fish_use_subcommand' -l keep-going -d 'in a script, go on after a line that failed'
complete -c resh -n '__fish_use_subcommand' -l yes -d 'in a script, agree to what would be asked at a prompt'
complete -c resh -n '__fish_use_subcommand' -l output -x -a 'jsonl json yaml text table csv markdown' -d 'in a script, the form of rows that no command formats (default: jsonl)'
complete -c resh -n '__fish_use_subcommand' -l timeout -x -d 'how long the lines of a script may take, such as 30s or 2h'
complete -c resh -n '__fish_use_subcommand' -l demo -d 'use an example cloud, a fresh state folder, and show the main job'
complete -c resh -n '__fish_use_subcommand' -l debug -d 'show a traceback with an error'
complete -c resh -n '__fish_use_subcommand' -l version -d 'show program'\''s version number and exit'
complete -c resh -n '__fish_use_subcommand' -a serve -d 'serve the shell over SSH and keep workflows running'
complete -c resh -n '__fish_seen_subcommand_from serve' -s h -l help -d 'show this help message and exit'
complete -c resh -n '__fish_seen_subcommand_from serve' -l listen -x -d 'address to listen on (default: setting ssh.listen)'
complete -c resh -n '__fish_seen_subcommand_from serve' -l rotate-host-key -d 'make a new host key and end; the old one is offered as well until its file is removed'
complete -c resh -n '__fish_seen_subcommand_from serve' -l home -r -F -d 'state folder (default: $RESH_HOME, else the platform'\''s data folder)'
complete -c resh -n '__fish_seen_subcommand_from serve' -l config -r -F -d 'settings from this YAML file, over those stored'
complete -c resh -n '__fish_seen_subcommand_from serve' -l set -x -d 'one setting for this run; repeatable'
complete -c resh -n '__fish_use_subcommand' -a completion -d 'print the completion script of a shell'
complete -c resh -n '__fish_seen_subcommand_from completion' -s h -l help -d 'show this help message and exit'
complete -c resh -n '__fish_seen_subcommand_from completion' -a bash
complete -c resh -n '__fish_seen_subcommand_from completion' -a zsh
complete -c resh -n '__fish_seen_subcommand_from completion' -a fish
