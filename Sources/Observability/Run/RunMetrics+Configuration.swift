import CoreMetrics
import Synchronization

extension RunMetrics {
    /// Brings what is told of the configuration up to date.
    func updateConfiguration() {
        let reading = configuration.reading
        shownDigest.withLock { shown in
            guard shown != reading.digest else { return }
            // One hash at a time, as whoever joins by it expects.
            if let shown { factory.destroyMeter(information(shown)) }
            shown = reading.digest
            information(reading.digest).set(Double(1))
        }
        guard reading.file != nil else { return }
        if let isInSync = reading.isInSync { gauge("gloss_config_in_sync", [], isInSync ? 1 : 0) }
        gauge("gloss_config_last_reload_successful", [], reading.hasSucceeded ? 1 : 0)
        if let time = reading.lastSuccess {
            gauge("gloss_config_last_reload_success_timestamp_seconds", [], Double(time) / 1000)
        }
    }

    private func information(_ digest: String) -> any MeterHandler {
        factory.makeMeter(label: "gloss_config_info", dimensions: [("hash", digest), ("topology", topology)])
    }
}
