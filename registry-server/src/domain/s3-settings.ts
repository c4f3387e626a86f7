/** Where archives are, in what speaks the S3 API. */
export interface S3Settings {
  readonly bucket: string;
  /** `http(s)://host:port` of what is not Amazon's. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Without them the SDK looks where it always does: its own variables, files, and the machine's role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Stands before every key, as in `prompd/`. */
  readonly prefix: string;
  /** `endpoint/bucket/key` rather than `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
}
