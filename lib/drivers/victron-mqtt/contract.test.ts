import { setTimeout as sleep } from 'node:timers/promises';
import { describeDriverContract } from '../contract.case';
import { Benches, FAST } from './bench.case';

async function bench(make: (benches: Benches) => Promise<Awaited<ReturnType<Benches['device']>>>) {
  const benches = new Benches();
  const { device, now } = await make(benches);
  return {
    // The fake moves every 40 ms: the contract's "one poll later" need not take five real seconds.
    device: { ...device, pollSeconds: 0.2 },
    now,
    pass: (ms: number) => sleep(ms),
    end: () => benches.end(),
  };
}

describeDriverContract('victron-mqtt', {
  healthy: () =>
    bench(async (benches) => {
      const gx = await benches.gx();
      return benches.device({ host: gx.host, port: gx.port, relay: 1 });
    }),
  unreachable: () => bench((benches) => benches.device({ host: '127.0.0.1', port: 9 })),
  malformed: () =>
    bench(async (benches) => {
      const gx = await benches.gx({
        values: { 'system/0/Dc/Battery/Voltage': 52, 'system/0/Dc/Pv/Power': 100 },
      });
      for (const path of ['Battery/Voltage', 'Pv/Power']) await gx.garble(`system/0/Dc/${path}`);
      return benches.device({ host: gx.host, port: gx.port });
    }),
  // The sample site loses 98 W in its inverter; the meters move by a few watts.
  balanceToleranceW: 120,
  timeoutMs: FAST.firstRead + 500,
});
