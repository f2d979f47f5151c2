/// The bounds of the buckets of histograms, by name; others have those of the factory.
enum MetricBuckets {
    static let byName: [String: [Double]] = [
        "gloss_checkpoint_delay_seconds": [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120],
        "gloss_http_request_duration_seconds": [0.005, 0.025, 0.1, 0.5, 2.5, 10],
        "gloss_job_duration_seconds": [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
        "gloss_job_wait_seconds": [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400],
        "gloss_score": stride(from: 0.05, through: 1, by: 0.05).map { ($0 * 100).rounded() / 100 },
    ]
}
