import { Compatibility } from '../compatibility/compatibility.js';
import { ModuleFrame } from './module-frame.js';

/** Which prompts of the latest version work with which models. */
export function ModuleCompatibility() {
  return (
    <ModuleFrame title="Compatibility">
      {({ module, you }) => (
        <>
          <h2>Compatibility</h2>
          {module.latest === null ? (
            <p>Nothing is published yet: tests run for versions.</p>
          ) : (
            <Compatibility
              name={module.package}
              version={module.latest}
              mayRun={you.roles.includes('editor')}
            />
          )}
        </>
      )}
    </ModuleFrame>
  );
}
