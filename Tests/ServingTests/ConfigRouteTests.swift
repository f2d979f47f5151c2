import Observability
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct ConfigRouteTests {
    @Test func whatRunsIsShownWithoutItsSecrets() async throws {
        try await RunningServer.with { server async throws in
            let configuration = server.services.metrics.configuration
            let none = try await server.get("/api/v1/config")
            #expect(none.body == "{\"digest\":\"ab\",\"reload_succeeded\":true,\"topology\":\"\",\"v\":1}\n")
            configuration.loaded(
                "name: t\n# token: hunter2\nfar: { openai: \"https://me:hunter3@host/v1\" }", of: "/t.yaml",
                digest: "cd",
                at: 1_800_000_000_000)
            let shown = try await server.get("/api/v1/config")
            #expect(shown.object["digest"] as? String == "cd" && shown.object["in_sync"] as? Bool == true)
            #expect(shown.object["loaded"] as? String == "2027-01-15T08:00:00.000Z")
            #expect(
                shown.object["text"] as? String
                    == "name: t\n# token: <secret>\nfar: { openai: \"https://<secret>@host/v1\" }")
        }
    }

    @Test func pagesAndMetricsSayThatTheFileDiffers() async throws {
        try await RunningServer.with { server async throws in
            let configuration = server.services.metrics.configuration
            let chip = "configuration differs from the file on disk"
            #expect(!(try await server.get("/metrics").body.contains("gloss_config_in_sync")))
            configuration.loaded("a", of: "/t.yaml", digest: "cd", at: 7000)
            #expect(!(try await server.get("/").body.contains(chip)))
            configuration.found(inSync: false)
            for path in ["/", "/latents", "/failures", "/compare", "/list", "/pipeline"] {
                #expect(try await server.get(path).body.contains(chip))
            }
            let metrics = try await server.get("/metrics").body
            #expect(metrics.contains("gloss_config_in_sync 0\n"))
            #expect(metrics.contains("gloss_config_last_reload_successful 1\n"))
            #expect(metrics.contains("gloss_config_last_reload_success_timestamp_seconds 7\n"))
            // One hash at a time.
            #expect(metrics.contains("gloss_config_info{hash=\"cd\",topology=\"tiny\"} 1\n"))
            #expect(!metrics.contains("hash=\"ab\""))
            configuration.reread(succeeded: false, at: 9000)
            let failed = try await server.get("/metrics").body
            #expect(failed.contains("gloss_config_last_reload_successful 0\n"))
            #expect(failed.contains("gloss_config_last_reload_success_timestamp_seconds 7\n"))
        }
    }
}
