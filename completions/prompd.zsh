#compdef prompd
# Completion of prompd for zsh.
_prompd() {
  local line word
  local -a candidates
  while IFS= read -r line; do
    [[ -n "$line" ]] || continue
    word="${line%%$'\t'*}"
    candidates+=("${word//:/\\:}:${line#*$'\t'}")
  done < <("${(Q)words[1]}" completion-words -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
  if (( ${#candidates} )); then
    _describe prompd candidates
  else
    _files
  fi
}
if [[ "${funcstack[1]}" == "_prompd" ]]; then
  _prompd "$@"
else
  compdef _prompd prompd
fi
