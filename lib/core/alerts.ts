import { isBlockedUnseen } from './charge-block';
import type { LoadView, Tick } from './tick';
import type { AlertCondition } from './types';

/** Conditions worth telling the owner about, as they stand at this tick. */
export function alertsOf(tick: Tick): readonly AlertCondition[] {
  let alerts: AlertCondition[] | null = null;
  const add = (alert: AlertCondition): void => {
    if (alerts === null) alerts = [alert];
    else alerts.push(alert);
  };

  if (tick.voltageLost) {
    add({ key: 'voltage-lost', severity: 'critical', text: 'No good battery voltage: loads have to stop.' });
  }
  if (tick.band === 'SHUTDOWN' || tick.band === 'CRITICAL') {
    add({ key: 'battery-critical', severity: 'critical', text: `The battery is at ${tick.rawV} V.` });
  } else if (tick.band === 'LOW') {
    add({ key: 'battery-low', severity: 'warning', text: `The battery is low: ${tick.rawV} V.` });
  }
  if (tick.chargingBlocked) addChargeAlerts(tick, add);
  for (const bad of tick.badReadings) {
    add({
      key: `bad:${bad.reading}`,
      severity: 'warning',
      text: `${bad.reading} is not believed: ${bad.reason}.`,
    });
  }
  for (const load of tick.loads) addLoadAlerts(load, add);
  return alerts ?? NO_ALERTS;
}

const NO_ALERTS: readonly AlertCondition[] = [];

type Add = (alert: AlertCondition) => void;

function addChargeAlerts(tick: Tick, add: Add): void {
  if (isBlockedUnseen(tick)) {
    add({
      key: 'charge-block-unknown',
      severity: 'critical',
      text: 'Charging is blocked because a temperature that decides it is not known.',
    });
  }
  if (!tick.config.canBlockCharging) {
    add({
      key: 'charge-block-unenforceable',
      severity: 'critical',
      text: 'Charging should be blocked, but no device can do it: cannot enforce.',
    });
  }
}

function addLoadAlerts(load: LoadView, add: Add): void {
  const { memory, id, plan } = load;
  if (load.verdict === 'EMERGENCY_STOP') {
    if (load.desired === 'off') {
      add({ key: `emergency:${id}`, severity: 'critical', text: `Emergency stop of ${plan.name}.` });
    } else {
      const why = load.books ? 'the site is advisory only' : 'control of its device is not enabled';
      add({
        key: `emergency-not-sent:${id}`,
        severity: 'critical',
        text: `${plan.name} should be off at once, but nothing is sent to it: ${why}. Switch it off yourself.`,
      });
    }
  }
  if (plan.kind === 'fan') return;
  if (memory.notReached && load.on) {
    add({
      key: `not-reached:${id}`,
      severity: 'warning',
      text: `${plan.name} is on but has not reached its draw.`,
    });
  }
  if (memory.notStarted) {
    add({
      key: `not-started:${id}`,
      severity: 'warning',
      text: `${plan.name} was told to start and did not.`,
    });
  }
  if (load.unknown) {
    add({ key: `unknown:${id}`, severity: 'warning', text: `Whether ${plan.name} is on is not known.` });
  }
  if (load.on && !memory.ours) {
    add({ key: `foreign:${id}`, severity: 'info', text: `${plan.name} is on, but not by CommandCenter.` });
  }
}
