/// The help text of each metric, by its name.
enum MetricHelp {
    static let byName: [String: String] = [
        "gloss_build_info": "The version that runs.",
        "gloss_config_info": "The topology that runs and the hash of its settings.",
        "gloss_records_total": "Records read from all sources.",
        "gloss_dlq_records_total": "Records refused and written down as dead letters, by reason.",
        "gloss_records_ahead_total":
            "Records whose time lay on a day that had not begun; they count at the day on which they were read.",
        "gloss_tokens_processed_total": "Tokens that have passed a forward stage, or have come with their codes.",
        "gloss_tokens_sampled_total": "Tokens that have reached a reservoir.",
        "gloss_checkpoints_total": "Checkpoints on disk since the start.",
        "gloss_checkpoint_age_seconds": "Time since the latest checkpoint was on disk.",
        "gloss_checkpoint_delay_seconds": "From asking for a checkpoint until it was on disk.",
        "gloss_last_progress_timestamp_seconds": "When anything was last read, computed, explained or scored.",
        "gloss_jobs_total": "Explanations and scores by node and how they ended.",
        "gloss_jobs_waiting": "Jobs that a node has before it.",
        "gloss_jobs_held": "Jobs that a node has left for a start with a larger budget.",
        "gloss_score": "Each latent's first score by method; never averaged over methods.",
        "gloss_explained_again_total": "Latents explained again, by what became of the new explanation.",
        "gloss_copied_answers_total":
            "Explanations that said a worked case's answer again and were asked for without it.",
        "gloss_llm_requests_total": "Calls to a language model by how they ended.",
        "gloss_llm_request_duration_seconds": "How long calls to a language model took, retries within.",
        "gloss_llm_tokens_total": "Tokens sent to and received from a language model.",
        "gloss_component_busy_seconds_total": "Time a node spent working, summed over its workers.",
        "gloss_component_starved_seconds_total": "Time a node waited for input.",
        "gloss_component_blocked_seconds_total": "Time a node waited for room in its readers.",
        "gloss_component_sent_batches_total": "Batches a node has passed on.",
        "gloss_component_sent_bytes_total": "Bytes a node has passed on.",
        "gloss_broker_reachable":
            "1 while the brokers of a source or sink answer and its topics are there, else 0.",
        "gloss_kafka_consumer_lag": "Records of a partition that wait to be read.",
        "gloss_memory_held_bytes": "What evidence, explaining and scoring hold, by part; models are not in it.",
        "gloss_memory_budget_bytes": "What they may hold together: state.memory.",
        "gloss_reservoir_sample": "Windows sampled per latent now: less than asked for if memory is short.",
        "process_resident_memory_bytes": "Resident memory.",
        "process_cpu_seconds_total": "Processor time, user and system.",
        "process_start_time_seconds": "When the process started.",
    ]
}
