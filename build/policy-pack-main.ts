import { packPolicies } from "./policy-pack";

packPolicies().then(({ folder, tarball }) => {
  console.log(folder);
  console.log(tarball);
});
