/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  serverExternalPackages: ['@node-rs/argon2', 'postgres', 'pino'],
  poweredByHeader: false,
  // A page's title comes with its head for everybody, not only for robots: for a moment it had none.
  htmlLimitedBots: /.*/,
  devIndicators: false,
  // `npm run check` owns types: a second pass here would only slow an owner's build.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'same-origin' },
      ],
    },
  ],
};
