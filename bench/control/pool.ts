import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { playScenario, type Scenario, type ScenarioResult } from './scenario';

const CHILD = 'as-child';

/** Plays scenarios in as many processes; results in the order of the scenarios. `onResult` hears of each at once. */
export async function playAll(
  scenarios: readonly Scenario[],
  processes: number,
  onResult: (result: ScenarioResult, done: number) => void,
): Promise<ScenarioResult[]> {
  const results = new Array<ScenarioResult>(scenarios.length);
  let next = 0;
  let done = 0;
  const children: ChildProcess[] = [];
  const worker = async (): Promise<void> => {
    // Processes, not threads: on Node 20 a thread does not inherit the loader of TypeScript.
    const child = fork(fileURLToPath(import.meta.url), [CHILD], { serialization: 'advanced' });
    children.push(child);
    try {
      for (let index = next++; index < scenarios.length; index = next++) {
        const scenario = scenarios[index];
        if (!scenario) break;
        const result = await ask(child, scenario);
        results[index] = result;
        done += 1;
        onResult(result, done);
      }
    } finally {
      child.kill();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(processes, scenarios.length) }, worker));
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}

function ask(child: ChildProcess, scenario: Scenario): Promise<ScenarioResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`${scenario.name}: its process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      const answer = message as { result: ScenarioResult } | { error: string };
      if ('result' in answer) resolve(answer.result);
      else reject(new Error(`${scenario.name}: ${answer.error}`));
    });
    child.send(scenario);
  });
}

if (process.argv[2] === CHILD) {
  process.once('disconnect', () => process.exit());
  process.on('message', (message) => {
    playScenario(message as Scenario).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
