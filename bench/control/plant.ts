import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import type { LoadKind, LoadState } from '@/lib/core/types';
import { chargeStage } from '@/lib/drivers/site-physics/charger';
import { isRamping, loadOff, switchLoad } from '@/lib/drivers/site-physics/miner';
import { uniform } from '@/lib/drivers/site-physics/random';
import {
  INVERTER,
  newSite,
  noFlow,
  type SiteFan,
  type SiteLoad,
  type SiteParts,
  type SiteState,
  type SiteZone,
  siteParameters,
  stepSite,
} from '@/lib/drivers/site-physics/site';
import { zoneParameters } from '@/lib/drivers/site-physics/zone';
import type { BenchSite } from './site';
import { type Conditions, STEP_SECONDS } from './weather';

/** Floor of every zone, m². */
const FLOOR_M2 = 30;
/** A bank that stands in no zone stands indoors at this temperature. */
const INDOORS_C = 18;
/** A load that cannot be reached goes off by itself after this long, like a plug with an auto-off timer. */
const DEAD_MAN_S = 900;

export interface PlantLoad {
  readonly id: string;
  readonly kind: LoadKind;
  readonly load: SiteLoad;
  /** Since when it has been in its present state, epoch ms. */
  sinceMs: number;
}

/** What a policy wants of the switches; what it leaves out stays as it is. */
export interface Orders {
  readonly switches: ReadonlyMap<string, boolean>;
  /** Speed step by zone id. */
  readonly fans: ReadonlyMap<string, number>;
  readonly mayCharge: boolean;
}

/** The physical house of one run. It moves in steps and does what it is told. */
export class Plant {
  readonly state: SiteState;
  readonly flow = noFlow();
  readonly loads: readonly PlantLoad[];
  readonly zones: ReadonlyMap<string, SiteZone>;
  readonly fans: ReadonlyMap<string, SiteFan>;
  private readonly parts: SiteParts;
  private readonly parameters;
  private readonly chargeBlocked;
  private mayCharge = true;
  private darkS = 0;
  private readonly inputs = { pvPotentialW: 0, houseW: 0, temperatureC: 15, globalWm2: 0 };

  constructor(
    site: BenchSite,
    seed: number,
    outdoorC: number,
    startMs: number,
    soc = 0.7 + 0.2 * uniform(seed, 71, 0),
  ) {
    this.parameters = {
      ...siteParameters(seed, site.capacityAh, 'none'),
      inverter: { ...INVERTER, maxAcW: site.inverterW },
    };
    this.chargeBlocked = { ...this.parameters, battery: { ...this.parameters.battery, chargeC: 0 } };
    const { zones, miners } = site.config;
    this.state = newSite(soc, zones.length > 0 ? outdoorC + 6 : INDOORS_C);
    this.zones = new Map(
      zones.map(({ id }) => [
        id,
        {
          parameters: zoneParameters(FLOOR_M2),
          state: { airC: outdoorC + 5, massC: outdoorC + 5 },
          heatW: 0,
          airflowWPerK: 0,
        },
      ]),
    );
    const load = (
      id: string,
      kind: LoadKind,
      ratedW: number,
      zoneId: string | null,
      i: number,
    ): PlantLoad => ({
      id,
      kind,
      load: {
        parameters: { stream: 2000 + 10 * i, ratedW, ramps: kind === 'miner' },
        state: loadOff(),
        zone: zoneId === null ? null : (this.zones.get(zoneId) ?? null),
      },
      sinceMs: startMs,
    });
    this.loads = [
      ...miners.map((m, i) => load(minerLoadId(m.id), 'miner', m.powerDrawWatts, m.zoneId, i)),
      ...zones.flatMap((z, i) =>
        z.heaterDeviceId !== null && z.heaterPowerWatts !== null
          ? [load(heaterLoadId(z.id), 'heater', z.heaterPowerWatts, z.id, 100 + i)]
          : [],
      ),
    ];
    this.fans = new Map(
      zones.flatMap(({ id, exhaustFanEnabled }) => {
        const zone = this.zones.get(id);
        return exhaustFanEnabled && zone ? [[id, { speed: 0, zone }] as const] : [];
      }),
    );
    const holdsBank = zones.find(({ blockChargingBelowTemp }) => blockChargingBelowTemp !== null) ?? zones[0];
    this.parts = {
      loads: this.loads.map(({ load: each }) => each),
      fans: [...this.fans.values()],
      zones: [...this.zones.values()],
      batteryZone: (holdsBank && this.zones.get(holdsBank.id)) ?? {
        parameters: zoneParameters(FLOOR_M2),
        state: { airC: INDOORS_C, massC: INDOORS_C },
        heatW: 0,
        airflowWPerK: 0,
      },
    };
  }

  get hasMains(): boolean {
    return this.state.mains.on;
  }
  get battery() {
    return this.parameters.battery;
  }
  get stage() {
    return chargeStage(this.state.charger);
  }
  /** Draw of miners alone now, W AC. */
  get minersW(): number {
    let sum = 0;
    for (const { kind, load } of this.loads) if (kind === 'miner') sum += load.state.powerW;
    return sum;
  }

  step(conditions: Conditions, index: number): void {
    const { inputs } = this;
    inputs.pvPotentialW = conditions.pvPotentialW[index] ?? 0;
    inputs.houseW = conditions.houseW[index] ?? 0;
    inputs.temperatureC = conditions.temperatureC[index] ?? 15;
    inputs.globalWm2 = conditions.globalWm2[index] ?? 0;
    const parameters = this.mayCharge ? this.parameters : this.chargeBlocked;
    stepSite(this.state, this.parts, parameters, inputs, this.flow, STEP_SECONDS);
    this.darkS = this.hasMains ? 0 : this.darkS + STEP_SECONDS;
    if (this.darkS > DEAD_MAN_S) for (const { load } of this.loads) switchLoad(load.state, false);
  }

  /** Switches answer only while there is AC. Returns the loads that changed. */
  obey(orders: Orders, nowMs: number): readonly PlantLoad[] {
    this.mayCharge = orders.mayCharge;
    if (!this.hasMains) return [];
    const changed: PlantLoad[] = [];
    for (const each of this.loads) {
      const on = orders.switches.get(each.id);
      if (on === undefined || on === each.load.state.on) continue;
      switchLoad(each.load.state, on);
      each.sinceMs = nowMs;
      changed.push(each);
    }
    for (const [zoneId, speed] of orders.fans) {
      const fan = this.fans.get(zoneId);
      if (fan) fan.speed = speed;
    }
    return changed;
  }

  seenState({ load }: PlantLoad): LoadState {
    if (!this.hasMains) return 'unknown';
    return !load.state.on ? 'off' : isRamping(load.state, load.parameters) ? 'ramping' : 'on';
  }

  fanId(zoneId: string): string {
    return fanLoadId(zoneId);
  }
}
