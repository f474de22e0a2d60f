// A Probot App that listens to new issues and does nothing with them: it only receives.
import { readFileSync } from "node:fs";
import { Probot, Server } from "probot";

const server = new Server({
    port: Number(process.env.PORT),
    host: "127.0.0.1",
    webhookPath: "/webhooks/github",
    Probot: Probot.defaults({
        appId: 4242,
        privateKey: readFileSync(process.env.PRIVATE_KEY_PATH, "utf8"),
        secret: process.env.WEBHOOK_SECRET,
        logLevel: "fatal",
    }),
});
await server.load((app) => {
    app.on("issues.opened", () => {});
});
await server.start();
