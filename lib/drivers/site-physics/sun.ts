import { getPosition } from 'suncalc';

const RAD = Math.PI / 180;

export interface PvArray {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Nameplate at standard test conditions, W. */
  readonly pvArrayW: number;
}

export interface ClearSky {
  /** Sun above the horizon, degrees. */
  elevationDeg: number;
  /** Irradiance on the tilted array, W/m². */
  planeWm2: number;
  /** Irradiance on level ground, W/m². */
  globalWm2: number;
}

/**
 * Irradiance without clouds. Direct beam after Meinel, 1353 · 0.7^(AM^0.678) W/m², air mass after Kasten and
 * Young, diffuse light a tenth of the beam. The array faces the equator, tilted by the latitude.
 */
export function clearSky(atMs: number, { latitudeDeg, longitudeDeg }: PvArray, into?: ClearSky): ClearSky {
  const sky = into ?? { elevationDeg: 0, planeWm2: 0, globalWm2: 0 };
  const sun = getPosition(new Date(atMs), latitudeDeg, longitudeDeg);
  sky.elevationDeg = sun.altitude;
  if (sun.altitude <= 0) {
    sky.planeWm2 = 0;
    sky.globalWm2 = 0;
    return sky;
  }
  const sinElevation = Math.sin(sun.altitude * RAD);
  const airMass = 1 / (sinElevation + 0.50572 * (sun.altitude + 6.07995) ** -1.6364);
  const beamWm2 = 1353 * 0.7 ** (airMass ** 0.678);
  const tilt = Math.min(Math.abs(latitudeDeg), 60) * RAD;
  const facing = latitudeDeg >= 0 ? 180 : 0;
  const incidence =
    sinElevation * Math.cos(tilt) +
    Math.cos(sun.altitude * RAD) * Math.sin(tilt) * Math.cos((sun.azimuth - facing) * RAD);
  const diffuseWm2 = 0.1 * beamWm2;
  sky.planeWm2 = beamWm2 * Math.max(0, incidence) + (diffuseWm2 * (1 + Math.cos(tilt))) / 2;
  sky.globalWm2 = beamWm2 * sinElevation + diffuseWm2;
  return sky;
}

/**
 * DC power of the array, W, from the irradiance on it, W/m², and the outdoor temperature, °C:
 * cells 0.031 K per W/m² above the air, −0.35 % per K, 0.86 for dirt, wiring and tracking.
 */
export function arrayPowerW(planeWm2: number, outdoorC: number, pvArrayW: number): number {
  const cellC = outdoorC + planeWm2 * 0.031;
  return Math.max(0, pvArrayW * (planeWm2 / 1000) * (1 - 0.0035 * (cellC - 25)) * 0.86);
}

/** What the array would give now without a cloud, W, at a mild 15 °C: the yardstick for "sunny". */
export function clearSkyPvW(atMs: number, array: PvArray): number {
  return arrayPowerW(clearSky(atMs, array).planeWm2, 15, array.pvArrayW);
}
