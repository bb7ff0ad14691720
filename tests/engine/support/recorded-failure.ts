import { Metadata, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type Properties, toStruct } from "./properties";

/** A change that failed, with what the engine shall write into its state all the same. */
export interface RecordedFailure {
  readonly reason: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly properties: Properties;
}

/**
 * The error of a change that failed and is recorded as if it had not, beside the reason: an initialisation error. The Terraform
 * bridge answers so to every error in Update (`initializationError` of pulumi-terraform-bridge; pulumi/pulumi#1836). The engine reads it
 * from the details of the gRPC status (`parseError` of its provider_plugin.go).
 */
export function recordedFailure({ reason, id, inputs, properties }: RecordedFailure): Error {
  const failed = new ErrorResourceInitFailed()
    .setId(id)
    .setReasonsList([reason])
    .setInputs(toStruct(inputs))
    .setProperties(toStruct(properties));
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const details = new Status().setCode(status.UNKNOWN).setMessage(reason);
  details.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return Object.assign(new Error(reason), { metadata });
}
