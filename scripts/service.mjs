// `npm run service -- install|remove|status|print`: CommandCenter as a systemd service, back by itself after a power cut.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'commandcenter.service';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isRoot = process.getuid?.() === 0;
const scope = isRoot ? [] : ['--user'];
const unitFile = isRoot
  ? join('/etc/systemd/system', NAME)
  : join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'systemd', 'user', NAME);
/** What the terminal has set for CommandCenter applies to the service too. */
const PASSED_ON = ['PORT', 'HOST', 'COMMANDCENTER_DATA', 'DATABASE_URL', 'TZ', 'LOG_LEVEL'];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function systemctl(args, { quiet = false } = {}) {
  const result = spawnSync('systemctl', [...scope, ...args], { encoding: 'utf8' });
  if (!quiet && result.status !== 0) {
    fail(
      `systemctl ${[...scope, ...args].join(' ')} failed: ${(result.stderr || result.error?.message || '').trim()}`,
    );
  }
  return result;
}

function requireSystemd() {
  if (process.platform === 'darwin') {
    fail('This command is for systemd. On macOS use launchd: docs/install.md has the file to copy.');
  }
  if (process.platform === 'win32') {
    fail('This command is for systemd. On Windows use the Task Scheduler: docs/install.md says how.');
  }
  // The directory exists exactly while systemd is the running init system.
  if (!existsSync('/run/systemd/system')) {
    fail(
      'systemd does not run on this machine (a container, or another init system). ' +
        `Let your init system run: ${process.execPath} ${join(root, 'scripts', 'start.mjs')}`,
    );
  }
  if (!isRoot && !process.env.XDG_RUNTIME_DIR) {
    // Missing in a shell that was opened with su or sudo; systemctl --user finds nothing without it.
    process.env.XDG_RUNTIME_DIR = `/run/user/${process.getuid()}`;
  }
}

/** A value inside double quotes in a unit file: backslash, quote and per cent sign are special. */
function quoted(value) {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

function unit() {
  const environment = PASSED_ON.filter((name) => process.env[name]).map(
    (name) => `Environment=${quoted(`${name}=${process.env[name]}`)}`,
  );
  return [
    '[Unit]',
    'Description=CommandCenter: battery, miners, fans and heaters of an off-grid home',
    'After=network-online.target',
    'Wants=network-online.target',
    // A disk that is full or not mounted yet may take long to come right: never give up.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `WorkingDirectory=${root.replaceAll('%', '%%')}`,
    // In a command line a dollar sign would name a variable.
    `ExecStart=${[process.execPath, join(root, 'scripts', 'start.mjs')].map(quoted).join(' ').replaceAll('$', '$$$$')}`,
    ...environment,
    'Restart=always',
    'RestartSec=5',
    // The launcher stops web and worker first and the database last.
    'KillMode=mixed',
    'TimeoutStopSec=30',
    '',
    '[Install]',
    `WantedBy=${isRoot ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n');
}

/** Whether the user's services run without anybody logged in. To ask for it again would be refused where sudo set it. */
function lingers(user) {
  const shown = spawnSync('loginctl', ['show-user', user, '--property=Linger', '--value'], {
    encoding: 'utf8',
  });
  return shown.status === 0 && shown.stdout.trim() === 'yes';
}

function install() {
  requireSystemd();
  mkdirSync(dirname(unitFile), { recursive: true });
  // DATABASE_URL may hold a password.
  writeFileSync(unitFile, unit(), { mode: 0o600 });
  if (!isRoot) {
    const user = userInfo().username;
    if (!lingers(user) && spawnSync('loginctl', ['enable-linger', user]).status !== 0) {
      fail(
        `The service file is written (${unitFile}), but without lingering it starts only when you log in. ` +
          `Run once: sudo loginctl enable-linger ${user}\nThen again: npm run service -- install`,
      );
    }
  }
  systemctl(['daemon-reload']);
  systemctl(['enable', NAME]);
  systemctl(['restart', NAME]);
  const data = process.env.COMMANDCENTER_DATA || join(root, '.data');
  console.log(`Installed and started: ${unitFile}`);
  console.log(`Log:   ${['journalctl', ...scope, '-u', NAME, '-f'].join(' ')}`);
  console.log(
    `Page:  http://${process.env.HOST && process.env.HOST !== '0.0.0.0' ? process.env.HOST : '127.0.0.1'}:${process.env.PORT || 3000}`,
  );
  console.log(
    `At the first start the log shows the link that creates the owner (its code: ${join(data, 'first-run-code')}).`,
  );
}

function remove() {
  requireSystemd();
  if (!existsSync(unitFile)) {
    console.log(`Nothing to remove: ${unitFile} does not exist.`);
    return;
  }
  systemctl(['disable', '--now', NAME], { quiet: true });
  rmSync(unitFile, { force: true });
  systemctl(['daemon-reload']);
  console.log(`Stopped and removed: ${unitFile}. Your data stay where they are.`);
}

function status() {
  requireSystemd();
  if (!existsSync(unitFile)) {
    console.log('Not installed. Install it with: npm run service -- install');
    process.exit(3);
  }
  const result = spawnSync('systemctl', [...scope, 'status', '--no-pager', '--lines=10', NAME], {
    stdio: 'inherit',
  });
  process.exit(result.status ?? 1);
}

function print() {
  process.stdout.write(unit());
}

const commands = { install, remove, status, print };
const command = commands[process.argv[2]];
if (!command) fail('Usage: npm run service -- install|remove|status|print');
command();
