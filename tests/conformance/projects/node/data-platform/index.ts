// A small data platform: an ordinary Pulumi program, which knows nothing of this project.
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const region = gcp.config.region!;
const here = gcp.organizations.getProjectOutput();

class Queue extends pulumi.ComponentResource {
    readonly topic: gcp.pubsub.Topic;
    readonly subscription: gcp.pubsub.Subscription;

    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("acme:data:Queue", name, {}, opts);
        const dead = new gcp.pubsub.Topic(`${name}-dead`, {}, { parent: this });
        this.topic = new gcp.pubsub.Topic(name, { messageRetentionDuration: "86400s" }, { parent: this });
        this.subscription = new gcp.pubsub.Subscription(`${name}-read`, {
            topic: this.topic.id,
            ackDeadlineSeconds: 60,
            deadLetterPolicy: { deadLetterTopic: dead.id, maxDeliveryAttempts: 5 },
        }, { parent: this });
        this.registerOutputs({ topic: this.topic.id });
    }
}

const worker = new gcp.serviceaccount.Account("worker", { accountId: "data-worker", displayName: "Moves data" });

const bucket = new gcp.storage.Bucket("lake", {
    location: region,
    uniformBucketLevelAccess: true,
    forceDestroy: true,
    labels: { number: here.number },
    lifecycleRules: [{ action: { type: "Delete" }, condition: { age: 90 } }],
});
new gcp.storage.BucketIAMMember("worker-writes", {
    bucket: bucket.name,
    role: "roles/storage.objectUser",
    member: worker.member,
});
new gcp.storage.BucketObject("read-me", {
    bucket: bucket.name,
    name: "read-me.txt",
    source: new pulumi.asset.StringAsset("What lands here stays for 90 days."),
});

const warehouse = new gcp.bigquery.Dataset("warehouse", {
    datasetId: "warehouse",
    location: region,
    deleteContentsOnDestroy: true,
    labels: { team: "data" },
});
const events = new gcp.bigquery.Table("events", {
    datasetId: warehouse.datasetId,
    tableId: "events",
    deletionProtection: false,
    timePartitioning: { type: "DAY", field: "at" },
    schema: JSON.stringify([
        { name: "id", type: "STRING", mode: "REQUIRED" },
        { name: "at", type: "TIMESTAMP", mode: "REQUIRED" },
        { name: "payload", type: "STRING", mode: "NULLABLE" },
    ]),
});
new gcp.bigquery.DatasetIamMember("analysts-read", {
    datasetId: warehouse.datasetId,
    role: "roles/bigquery.dataViewer",
    member: config.require("analysts"),
});

const incoming = new Queue("incoming");

export const lake = bucket.name;
export const table = pulumi.interpolate`${warehouse.datasetId}.${events.tableId}`;
export const topic = incoming.topic.id;
export const subscription = incoming.subscription.id;
