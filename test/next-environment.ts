// Next keeps the request that a server action serves in an AsyncLocalStorage, which it looks for as it is loaded.
import 'next/dist/server/node-environment-baseline';
