# Completion of prompd for fish.
function __prompd_candidates
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command $typed[1] completion-words -- $typed[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c prompd -f -a '(__prompd_candidates)'
