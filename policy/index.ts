import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("ecs-image-verification", { policies: policies() });
