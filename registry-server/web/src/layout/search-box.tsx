import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';

/** Searches on Enter, from any page. */
export function SearchBox() {
  const navigate = useNavigate();
  const { q = '' } = useSearch({ strict: false });
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);

  function search(event: FormEvent) {
    event.preventDefault();
    void navigate({ to: '/search', search: { q: text } });
  }

  return (
    <search className="search-box">
      <form onSubmit={search}>
        <label className="hidden" htmlFor="search">
          Search packages
        </label>
        <input
          id="search"
          type="search"
          placeholder="Search packages"
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </form>
    </search>
  );
}
