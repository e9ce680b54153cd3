import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { UnitsProvider } from '@/components/units';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { Verdict } from '@/lib/core/types';
import { BatteryCard } from './battery-card';
import { Checks } from './explanation';
import { LiveLine } from './live-line';
import { LoadCard, type LoadSurroundings } from './load-card';
import { NowProvider } from './now';
import { PowerCard } from './power-card';
import { Sentence } from './sentence';
import { SourcesCard } from './sources-card';
import { HEAT_ROOM, minerLoad, NOON, reading, tickAt, wireStatus } from './status.case';
import { ZoneCard } from './zone-card';

const settings: CockpitSettings = {
  timeZone: 'America/Los_Angeles',
  displayUnits: 'metric',
  showsSoc: true,
  thresholds: { shutdownV: 44, criticalLowV: 45, lowV: 47, restartV: 50, optimalMinV: 50, optimalMaxV: 54.5 },
  curve: [],
};
const { readings, battery, budget } = tickAt(NOON);

/** What a reader of the page reads, in order; `laterMs` after the data arrived. */
function textOf(element: ReactNode, laterMs = 0): string {
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <NowProvider renderedAt={NOON + laterMs}>{element}</NowProvider>
    </QueryClientProvider>,
  )
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ');
}

const batteryText = (changes = {}, shown = settings, laterMs = 0) =>
  textOf(<BatteryCard status={wireStatus(changes)} receivedAt={NOON} settings={shown} />, laterMs);
const surroundings: LoadSurroundings = {
  status: { age_ms: 0 },
  receivedAt: NOON,
  acts: true,
  timeZone: settings.timeZone,
  overrides: new Map(),
};
const loadText = (changes = {}, acts = true, laterMs = 0, overrides = surroundings.overrides) => {
  const [load] = wireStatus({ loads: [minerLoad(changes)] }).loads;
  if (!load) throw new Error('the status lost its load');
  return textOf(<LoadCard load={load} {...surroundings} acts={acts} overrides={overrides} />, laterMs);
};

describe('Sentence', () => {
  const told = (text: string, laterMs: number) =>
    textOf(<Sentence text={text} ageMs={42_000} receivedAt={NOON} />, laterMs);

  it('counts on for how long nothing was decided, and leaves every other number alone', () => {
    const text = 'Not known now: no decision for 42 s. The last one: on for 42 s';
    expect(told(text, 0)).toBe(text);
    expect(told(text, 29_000)).toBe(text.replace('for 42 s. The', 'for 71 s. The'));
    expect(told(text, 600_000)).toContain('no decision for 10 min');
    expect(told('on for 42 s', 29_000)).toBe('on for 42 s');
  });
});

describe('LiveLine', () => {
  const lineText = (laterMs: number, changes = {}) =>
    textOf(<LiveLine status={{ ...wireStatus(), ...changes }} receivedAt={NOON} link="live" />, laterMs);

  it('is live while decisions arrive, and says so when none has for three ticks', () => {
    expect(lineText(0)).toContain('Live');
    expect(lineText(30_000)).toContain('Live');
    expect(lineText(31_000)).toMatch(/No news last decision 31 s ago, one every 10 s/);
  });

  it('names the worker where the server says that it is silent', () => {
    expect(lineText(0, { worker_alive: false })).toContain('Worker silent');
  });
});

describe('BatteryCard', () => {
  it('puts voltage first, with its age, and state of charge as an estimate', () => {
    const text = batteryText();
    expect(text).toMatch(/52\.31 V Optimal measured 2 s ago about 62 %, estimated from voltage/);
    expect(text).toContain('Charging, 3.21 kW');
    expect(text).not.toContain('Neither decides');
  });

  it('lets ages run on while nothing new arrives', () => {
    expect(batteryText({}, settings, 90_000)).toContain('measured 92 s ago');
  });

  it('says of a voltage that is too old to decide by that it is', () => {
    const stale = {
      readings: { ...readings, packVoltageV: reading(52.31, 250_000) },
      battery: { ...battery, stale: true },
    };
    expect(batteryText(stale)).toContain('too old, measured 4 min ago');
    expect(batteryText()).not.toContain('too old');
  });

  it('shows both states of charge where they disagree, and that neither decides', () => {
    const text = batteryText({ battery: { ...battery, reportedSocPct: 18, socDisagrees: true } });
    expect(text).toMatch(/reports 18 %, its voltage suggests 62 %\. Neither decides/);
  });

  it('says unknown, never zero, for what was not measured', () => {
    const text = batteryText({
      readings: {
        ...readings,
        packVoltageV: reading(null),
        currentA: reading(null),
        batteryPowerW: reading(null),
      },
      battery: { ...battery, band: 'UNKNOWN', rawV: null, controlV: null, voltageSocPct: null },
    });
    expect(text).toMatch(/Battery Simulated unknown Unknown no voltage measured/);
    expect(text).not.toMatch(/\b0\.00 V|\b0 W/);
  });

  it('labels the reading that is simulated where others are real', () => {
    const mixed = {
      ...readings,
      packVoltageV: reading(52.31, 2_000, 'gx'),
      currentA: reading(61, 2_000, 'gx'),
    };
    const text = batteryText({ readings: mixed });
    expect(text).toContain('Partly simulated');
    expect(text).toMatch(/Temperature 18\.2 °C 2 s ago · simulated/);
    expect(text).not.toMatch(/Current 61\.0 A 2 s ago · simulated/);
  });

  it('hides state of charge from who does not want it, and shows °F to who does', () => {
    const text = batteryText({}, { ...settings, showsSoc: false, displayUnits: 'imperial' });
    expect(text).not.toContain('estimated from voltage');
    expect(text).toContain('64.8 °F');
  });

  it('shows the voltage that is decided by where sag is compensated', () => {
    expect(batteryText()).not.toContain('without sag');
    expect(batteryText({ battery: { ...battery, controlV: 52.08 } })).toContain(
      'Voltage without sag 52.08 V',
    );
  });
});

describe('PowerCard', () => {
  it('names directions in words', () => {
    const discharging = { ...readings, batteryPowerW: reading(-900), gridW: reading(-1500) };
    const text = textOf(<PowerCard status={wireStatus({ readings: discharging })} receivedAt={NOON} />);
    expect(text).toMatch(/From the battery 900 W/);
    expect(text).toMatch(/To the grid 1\.50 kW/);
  });

  it('shows what the loads may have', () => {
    const text = textOf(<PowerCard status={wireStatus()} receivedAt={NOON} />);
    expect(text).toMatch(/Surplus: solar minus house 7\.10 kW/);
    expect(text).toMatch(/The battery may add 5\.00 kW 6\.9 kWh left/);
    expect(text).not.toContain('inverter');
    const limited = textOf(
      <PowerCard
        status={wireStatus({ budget: { ...budget, inverterHeadroomW: 4200, surplusW: null } })}
        receivedAt={NOON}
      />,
    );
    expect(limited).toContain('Room on the inverter 4.20 kW');
    expect(limited).toContain('Surplus: solar minus house unknown');
  });
});

describe('LoadCard', () => {
  const { explanation } = minerLoad();
  const repeated = { explanation: { ...explanation, sentence: 'Dump Load S19 #1 waits: 52.3 V < 54.5 V' } };

  it('says what holds it back and what would change it, without the kernel’s own words', () => {
    const text = loadText();
    expect(text).toMatch(/Waiting Off for 60 min · rated 3\.25 kW · simulated/);
    expect(text).toContain('Held back by Start voltage: 52.3 V < 54.5 V');
    expect(text).toContain('To change it needs +2.2 V, held 5 min');
    // The sentence says why; the line below names it and does not say it twice.
    expect(loadText(repeated)).toContain('Held back by Start voltage To change it');
    expect(text).not.toMatch(/\bgate|WAIT|\bflip|binding/);
  });

  it('offers a miner without a device the way to one, not an override that could not act', () => {
    const text = loadText({ deviceKey: null, observed: 'unknown' });
    expect(text).toContain('Choose device');
    expect(text).not.toContain('Override');
    expect(loadText()).toContain('Override');
    expect(loadText()).not.toContain('Choose device');
  });

  it('has every check on demand, with value and age, and what was not applied', () => {
    expect(loadText()).toContain('3 checks, 1 not met');
    const gates = wireStatus({ loads: [minerLoad()] }).loads.flatMap((load) => load.gates);
    const text = textOf(<Checks gates={gates} receivedAt={NOON} />, 5_000);
    expect(text).toContain('Start voltage not met 52.3 V < 54.5 V · measured 7 s ago');
    expect(text).toMatch(/Sun not applied/);
  });

  it.each([
    ['START', 'Would start'],
    ['KEEP_RUNNING', 'Would keep running'],
    ['STOP', 'Would stop'],
    ['EMERGENCY_STOP', 'Would stop at once'],
    ['WAIT', 'Waiting'],
    ['CANNOT_DECIDE', 'Cannot decide'],
  ] as [Verdict, string][])('where nothing is sent, %s is "%s"', (verdict, words) => {
    expect(loadText({ verdict, observed: 'on' }, false)).toContain(words);
  });

  it('says so where control of its device is not enabled, whatever the mode', () => {
    const text = loadText({ verdict: 'EMERGENCY_STOP', observed: 'on', controlEnabled: false });
    expect(text).toContain('Would stop at once');
    expect(text).toContain('only read, not switched');
    expect(loadText()).not.toContain('only read');
  });

  it('tells what it draws, and how old that is', () => {
    const running = { observed: 'on', verdict: 'KEEP_RUNNING', powerW: 3240, powerAgeMs: 4_000 };
    expect(loadText(running, true, 1_000)).toContain('On for 60 min · 3.24 kW, measured 5 s ago');
  });

  it('counts down where time alone brings the next verdict, and not where a reading must change', () => {
    const soon = {
      kind: 'change',
      target: 'START',
      changes: [],
      holdSeconds: 130,
      text: 'starts in 2 min 10 s',
    };
    const waiting = { explanation: { ...explanation, flip: soon } };
    expect(loadText(waiting)).toContain('Starts in 2 min 10 s if the readings hold');
    expect(loadText(waiting, true, 15_000)).toContain('Starts in 1 min 55 s if the readings hold');
    expect(loadText(waiting, true, 300_000)).toContain('Starts now if the readings hold');
    expect(loadText()).not.toContain('if the readings hold');
  });

  it('says until when the owner has overridden it, and offers to end it', () => {
    const own = {
      id: 'o',
      load_id: minerLoad().loadId,
      load_name: null,
      state: 'off',
      active: true,
    } as const;
    const ends_at = new Date(NOON + 1_800_000).toISOString();
    const override = { ...own, starts_at: '', ends_at, ended_at: null, created_by: '', reason: null };
    const text = loadText({}, true, 0, new Map([[own.load_id, override]]));
    expect(text).toMatch(/Off by you until 12:33 End now/);
    expect(loadText()).toContain('Override Dump Load S19 #1');
  });

  it('does not pretend to know since when it is unknown', () => {
    expect(loadText({ observed: 'unknown', deviceKey: null })).toMatch(
      /State unknown · rated 3\.25 kW · no device/,
    );
  });
});

describe('ZoneCard', () => {
  const heater = minerLoad({
    loadId: `heater:${HEAT_ROOM}`,
    kind: 'heater',
    name: 'Heat Room heater',
    ratedW: 1500,
  });
  const fan = minerLoad({
    loadId: `fan:${HEAT_ROOM}`,
    kind: 'fan',
    name: 'Heat Room fan',
    observed: 'on',
    fanSpeed: 4,
  });
  const zoneText = (changes = {}) => {
    const status = wireStatus({ loads: [heater, fan], ...changes });
    const [zone] = status.zones;
    if (!zone) throw new Error('the status lost its zone');
    return textOf(<ZoneCard zone={zone} loads={status.loads} shared={surroundings} displayUnits="metric" />);
  };

  it('shows temperature with age, its heater and its fan with their own reasons', () => {
    const text = zoneText();
    expect(text).toMatch(/Heat Room 21\.4 °C 2 s ago Heat Room is comfortable/);
    expect(text).toMatch(/Heater Waiting Off for 60 min · rated 1\.50 kW · simulated/);
    expect(text).toMatch(/Exhaust fan Waiting On for 60 min · speed 4/);
  });

  it('calls a heater that is warm enough not needed, instead of waiting', () => {
    const warm = { ...heater, explanation: { ...heater.explanation, binding: 'temperature' as const } };
    expect(zoneText({ loads: [warm] })).toContain('Heater Not needed');
    expect(zoneText({ loads: [warm] })).toMatch(/Depends on Temperature/);
    expect(zoneText({ loads: [heater] })).not.toMatch(/Depends on/);
  });

  it('says where charging is blocked', () => {
    const [zone] = tickAt(NOON).zones;
    expect(zoneText({ zones: [{ ...zone, chargingBlocked: true }] })).toContain('Blocks charging');
    expect(zoneText()).not.toContain('Blocks charging');
  });
});

describe('SourcesCard', () => {
  it('tells why a temperature is not used in the owner’s degrees', () => {
    const status = wireStatus({
      badReadings: [{ reading: 'Heat Room temperature', reason: '-80 °C is no temperature' }],
    });
    const text = textOf(
      <UnitsProvider units="imperial">
        <SourcesCard status={status} />
      </UnitsProvider>,
    );
    expect(text).toContain('Heat Room temperature (−112.0 °F is no temperature)');
  });
});
