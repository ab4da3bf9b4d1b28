/** Relays the feeds of an event through two clouds: node . up|preview|destroy EVENT.json */

import { readFileSync } from "node:fs";
import { CommandError, LocalWorkspace } from "@pulumi/pulumi/automation";
import { huaweicloud, volcengine } from "pulumi-livepull";

const VERBS = ["up", "preview", "destroy"] as const;

interface Event {
    name: string;
    startTime: string;
    endTime: string;
    /** The ingest domain on each cloud. */
    domains: { huaweicloud: string; volcengine: string };
    /** Live streams, and the address to pull each from. */
    feeds: { name: string; source: string }[];
    /** Where recordings are reported to. */
    recordings: string;
    config: Record<string, string>;
}

/** The program of the stack: each feed goes to Huawei Cloud and, as a spare, to Volcengine. */
async function relays({ name: app, startTime, endTime, domains, feeds, recordings }: Event) {
    new huaweicloud.RecordCallback("recordings", {
        publishDomain: domains.huaweicloud,
        app,
        notifyCallbackUrl: recordings,
        signType: huaweicloud.RecordCallbackSignType.HMACSHA256,
        key: process.env.CALLBACK_KEY, // The SDK makes a secret of it.
    });
    const tasks = feeds.flatMap(({ name: stream, source }) => [
        new huaweicloud.PullTask(stream, {
            sourceType: huaweicloud.PullTaskSourceType.PullLivePushLive,
            sourceUrls: [source],
            domain: domains.huaweicloud,
            appName: app,
            streamName: stream,
            startTime,
            endTime,
        }),
        new volcengine.PullToPushTask(stream, {
            type: 0, // One live stream; 1 plays files.
            srcAddr: source,
            domain: domains.volcengine,
            app,
            stream,
            startTime,
            endTime,
        }),
    ]);
    return { tasks: tasks.map((task) => task.id) };
}

async function main([verb, file]: string[]) {
    const known = VERBS.find((name) => name === verb);
    if (!known || !file) {
        throw new Error("usage: node . up|preview|destroy EVENT.json");
    }
    const event: Event = JSON.parse(readFileSync(file, "utf8"));
    const stack = await LocalWorkspace.createOrSelectStack(
        { projectName: "event-relays", stackName: event.name, program: () => relays(event) },
        { stackSettings: { [event.name]: { config: event.config } } },
    );
    await stack[known]({
        onOutput: (text) => process.stdout.write(text),
        onError: (text) => process.stderr.write(text),
    });
}

main(process.argv.slice(2)).catch((error: Error) => {
    // What the engine had to say is on the screen already.
    if (!(error instanceof CommandError)) {
        console.error(error.message);
    }
    process.exitCode = 1;
});
