import { bundleHandlers } from "./bundle";

bundleHandlers().then(({ folder, bytes }) => {
  console.log(folder);
  for (const [name, size] of Object.entries(bytes)) console.log(`${(size / 1000).toFixed(0).padStart(6)} kB  ${name}`);
});
