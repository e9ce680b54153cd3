import 'server-only';
import QRCode from 'qrcode';
import { getDatabase } from '@/db/client';
import { listSessions, type SessionHolder } from '@/lib/auth/sessions';
import { listApiTokens } from '@/lib/auth/tokens';
import { getBackupHistory, getBackupSettings, listBackupRuns } from '@/lib/backup/queries';
import { nextBackupAt } from '@/lib/backup/schedule';
import { type BackupRun, toBackupRun } from '@/lib/backup/serialise';
import { AppError } from '@/lib/errors';
import { getMode } from '@/lib/mode/queries';
import { homeUrl } from '@/lib/network/addresses';
import { getPreferences } from '@/lib/preferences/queries';
import { storedPreferences } from '@/lib/preferences/serialise';
import { getRetention } from '@/lib/retention/queries';
import { retentionPatch } from '@/lib/retention/schema';
import { serialiseRetention } from '@/lib/retention/serialise';
import { toStored } from '@/lib/settings-versions/stored';
import { loadStorage } from '@/lib/storage/page-data';
import { browserOf } from './browser';

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly scope: 'read' | 'control' | 'admin';
  readonly lastUsedAt: number | null;
  readonly expiresAt: number | null;
}
export interface SessionView {
  readonly id: string;
  readonly browser: string;
  readonly lastUsedAt: number;
  readonly isThis: boolean;
}
export interface BackupView {
  readonly folder: string | null;
  readonly otherDisk: boolean;
  readonly hour: number;
  readonly keep: number;
  readonly nextAt: number | null;
  readonly runs: readonly BackupRun[];
}

const SHOWN_RUNS = 5;

async function loadBackup(ownerId: string, timeZone: string): Promise<BackupView> {
  const { db } = getDatabase();
  const now = Date.now();
  const [settings, history, runs] = await Promise.all([
    getBackupSettings(db, ownerId),
    getBackupHistory(db, ownerId, now),
    listBackupRuns(db, ownerId, SHOWN_RUNS),
  ]);
  const { folder, otherDisk, hour, keep, since } = settings;
  const nextAt = folder === null ? null : nextBackupAt(now, { hour, timeZone }, { ...history, since });
  return { folder, otherDisk, hour, keep, nextAt, runs: runs.map(toBackupRun) };
}

/** How a phone gets here, with the QR code as an SVG; the address is the one that the launcher prints. */
async function loadPhone() {
  const home = homeUrl(process.env.HOSTNAME ?? '127.0.0.1', Number(process.env.PORT ?? 3000));
  if (home.url === null) return home;
  return { url: home.url, svg: await QRCode.toString(home.url, { type: 'svg', margin: 2 }) };
}
export type PhoneView = Awaited<ReturnType<typeof loadPhone>>;

/** What /settings/system shows first. @throws AppError not_found before the defaults were written. */
export async function loadSystem(user: SessionHolder) {
  const { db } = getDatabase();
  const { ownerId } = user;
  const row = await getPreferences(db, ownerId);
  if (row === null) throw new AppError('not_found', 'There are no preferences yet; run the migration.');
  const [mode, tokens, sessions, retention, storage, backup, phone] = await Promise.all([
    getMode(db, ownerId),
    listApiTokens(db, ownerId),
    listSessions(db, ownerId),
    getRetention(db, ownerId),
    loadStorage(ownerId),
    loadBackup(ownerId, row.timezone),
    loadPhone(),
  ]);
  return {
    preferences: storedPreferences(row),
    mode: mode?.controlMode ?? null,
    tokens: tokens.map(
      ({ id, name, scope, lastUsedAt, expiresAt }): TokenView => ({
        id,
        name,
        scope,
        lastUsedAt: lastUsedAt?.getTime() ?? null,
        expiresAt: expiresAt?.getTime() ?? null,
      }),
    ),
    sessions: sessions.map(
      ({ id, userAgent, lastUsedAt }): SessionView => ({
        id,
        browser: browserOf(userAgent),
        lastUsedAt: lastUsedAt.getTime(),
        isThis: id === user.credentialId,
      }),
    ),
    retention: toStored(retentionPatch, serialiseRetention(retention)),
    storage,
    backup,
    phone,
  };
}
