# bash completion of resh; made by: resh completion bash
_resh() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} word command="" words IFS=$' \n'
    case $previous in
        -f|--home|--config|--home|--config) compopt -o filenames 2>/dev/null; IFS=$'\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
        --output) COMPREPLY=($(compgen -W "jsonl json yaml text table csv markdown" -- "$current")); return ;;
        -c|--set|--timeout|--listen|--set) return ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in serve|completion) command=$word; break ;; esac
    done
    case $command in
        serve) words="-h --help --listen --rotate-host-key --home --config --set" ;;
        completion) words="-h --help bash zsh fish" ;;
        *) words="-h --help -c -f --home --config --set --schedule --keep-going --yes --output --timeout --demo --debug --version serve completion" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _resh resh
