/** A field for a password that is chosen now, with the bounds that the registry sets. */
export function NewPassword({ label, name = 'password' }: { label: string; name?: string }) {
  return (
    <label>
      {label}
      <input
        name={name}
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={256}
      />
    </label>
  );
}
