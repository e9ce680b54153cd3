/** Direction of imports, one rule per line of the architecture (docs/architecture.md). Read `from` as "may not reach". */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const tests = '\\.(test|case)\\.tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle means two files are one.', {}, { circular: true }),
    rule(
      'core-is-pure',
      'lib/core imports nothing but itself; its tests may use vitest and fast-check.',
      { path: '^lib/core/', pathNot: tests },
      { pathNot: '^lib/core/' },
    ),
    rule(
      'core-tests',
      'The tests of the kernel need no database, no network and no clock.',
      { path: `^lib/core/.*${tests}` },
      { pathNot: ['^lib/core/', 'node_modules/(vitest|fast-check)/', '^(vitest|fast-check)$'] },
    ),
    rule(
      'drivers-import-core-only',
      'A vendor folder imports core, the driver files beside it, the shared site model and its own folder.',
      { path: '^lib/drivers/([^/]+)/', pathNot: tests },
      {
        path: '^(app|components|db|lib)/',
        pathNot: ['^lib/core/', '^lib/drivers/[^/]+\\.ts$', '^lib/drivers/site-physics/', '^lib/drivers/$1/'],
      },
    ),
    rule(
      'driver-shell',
      'types, catalog, registry and the shared helpers know drivers and core only.',
      { path: '^lib/drivers/[^/]+\\.ts$' },
      { path: '^(app|components|db|lib)/', pathNot: ['^lib/core/', '^lib/drivers/'] },
    ),
    rule(
      'catalog-has-no-io',
      'Components read the catalog: it reaches schemas and plain data only.',
      { path: '^lib/drivers/catalog\\.ts$' },
      {
        pathNot: [
          '^lib/core/',
          '^lib/drivers/[^/]+/(schema|devices)\\.ts$',
          '^lib/drivers/types\\.ts$',
          'node_modules/zod/',
        ],
      },
    ),
    rule(
      'db-imports-core-only',
      'The schema takes its lists and defaults from core and nothing else from us.',
      { path: '^db/', pathNot: tests },
      { path: '^(app|components|lib)/', pathNot: '^lib/core/' },
    ),
    rule(
      'one-door-to-the-database',
      'Only db/ opens connections; the test helper makes and drops whole databases.',
      { path: '^(app|components|lib|bench)/', pathNot: ['^bench/', tests, '^lib/launcher/'] },
      { path: 'node_modules/postgres/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'domains-stay-below',
      'Domain modules and auth use core, db and each other, never the worker, the launcher or pages.',
      { path: '^lib/', pathNot: ['^lib/(worker|launcher|drivers|core)/', tests] },
      { path: '^(lib/(worker|launcher)|app|components)/' },
    ),
    rule(
      'only-the-worker-talks-to-hardware',
      'Domains may read the driver catalog and plain lists, never open a device.',
      { path: '^lib/', pathNot: ['^lib/(worker|drivers)/', tests] },
      {
        path: '^lib/drivers/',
        pathNot: ['^lib/drivers/(catalog|types)\\.ts$', '^lib/drivers/[^/]+/(schema|devices)\\.ts$'],
      },
    ),
    rule(
      'app-and-components',
      'Pages ask domain modules; they never reach the database, a driver or the worker.',
      { path: '^(app|components)/', pathNot: tests },
      { path: '^(db|lib/drivers|lib/worker|lib/launcher)/', pathNot: '^lib/drivers/catalog\\.ts$' },
    ),
    rule(
      'route-handlers-need-no-next',
      'Plain requests reach them past Next (lib/web), where nothing that asks it about the request would work.',
      { path: '^app/api/' },
      { path: '^node_modules/next/', reachable: true },
    ),
    rule(
      'components-are-shared',
      'Components use core, schemas, types and actions: nothing that opens a connection.',
      { path: '^components/', pathNot: tests },
      { path: '^(app|lib/[^/]+/(queries|mutations)\\.ts$)', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'nothing-imports-app',
      'app/ is routing.',
      { path: '^(components|lib|db)/', pathNot: tests },
      { path: '^app/' },
    ),
    rule(
      'worker-is-a-leaf',
      'Only tests and the bundle enter the worker.',
      { path: '^(app|components|db|lib)/', pathNot: ['^lib/worker/', tests] },
      { path: '^lib/worker/' },
    ),
    rule(
      'no-server-only-in-shared-code',
      'The package throws in plain Node, and the worker shares queries, mutations and db.',
      { path: '(^db/|/(queries|mutations)\\.ts$|^lib/(worker|core|drivers|launcher)/)' },
      { path: 'node_modules/server-only/' },
    ),
    rule(
      'no-dev-dependencies',
      'What ships may not need what does not.',
      { path: '^(app|components|db|lib)/', pathNot: [tests, 'fake\\.ts$'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
    rule(
      'resolvable',
      'An import that resolves to nothing.',
      {},
      { couldNotResolve: true, pathNot: '^(server-only)$' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist|node_modules/(?!.*))' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
