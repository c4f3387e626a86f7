# Completion of prompd for bash.
# The words are taken from the line itself: readline's own are split at ":", "=" and "@", which names hold. What is left of
# the last such character stays in the line, so it must not be in the answer.
_prompd() {
  local line current breaks kept="" word
  local -a typed
  line="${COMP_LINE:0:COMP_POINT}"
  read -ra typed <<< "$line"
  [[ "$line" == *[[:space:]] ]] && typed+=("")
  current="${typed[${#typed[@]}-1]}"
  breaks="${COMP_WORDBREAKS//[^:=@]/}"
  [[ -n "$breaks" ]] && kept="${current%"${current##*[$breaks]}"}"
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    [[ -n "$word" ]] && COMPREPLY+=("${word#"$kept"}")
  done < <("$1" completion-words -- "${typed[@]:1}" 2>/dev/null)
}
complete -o default -F _prompd prompd
