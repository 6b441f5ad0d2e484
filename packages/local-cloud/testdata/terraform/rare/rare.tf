resource "google_cloud_run_v2_service" "inside" {
  name                = "inside"
  location            = "us-central1"
  deletion_protection = false
  iap_enabled         = false
  binary_authorization {
    use_default              = true
    breakglass_justification = "because"
  }
  template {
    execution_environment = "EXECUTION_ENVIRONMENT_GEN1"
    scaling { max_instance_count = 3 }
    vpc_access {
      connector = "projects/demo/locations/us-central1/connectors/c"
      egress    = "ALL_TRAFFIC"
    }
    containers {
      image = "localhost:5000/web:${var.stage}"
      ports { container_port = 3000 }
      env {
        name  = "EMPTY"
        value = ""
      }
      resources {
        startup_cpu_boost = true
      }
      startup_probe {
        http_get { path = "/s" }
      }
      liveness_probe {
        initial_delay_seconds = 0
        grpc {}
      }
      volume_mounts {
        name       = "t"
        mount_path = "/t"
        sub_path   = "x"
      }
      volume_mounts {
        name       = "n"
        mount_path = "/n"
      }
    }
    volumes {
      name = "t"
      empty_dir {}
    }
    volumes {
      name = "n"
      nfs {
        server    = "10.0.0.1"
        path      = "/share"
        read_only = true
      }
    }
  }
  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
    tag     = "live"
  }
}

resource "google_cloud_run_v2_service" "accelerated" {
  name                 = "accelerated"
  location             = "us-central1"
  deletion_protection  = false
  ingress              = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  default_uri_disabled = true
  template {
    gpu_zonal_redundancy_disabled = true
    node_selector { accelerator = "nvidia-l4" }
    containers {
      image = "localhost:5000/web:${var.stage}"
      resources {
        limits   = { cpu = "4", memory = "16Gi", "nvidia.com/gpu" = "1" }
        cpu_idle = false
      }
    }
  }
}

resource "google_cloud_run_v2_job" "started" {
  name                  = "started"
  location              = "us-central1"
  deletion_protection   = false
  start_execution_token = "s${var.stage}"
  template {
    task_count = 1
    template {
      max_retries = 0
      containers {
        image = "localhost:5000/web:${var.stage}"
        ports { container_port = 8080 }
        startup_probe {
          tcp_socket { port = 8080 }
        }
      }
    }
  }
}

resource "google_cloud_run_v2_worker_pool" "mounted" {
  name                = "mounted"
  location            = "us-central1"
  deletion_protection = false
  launch_stage        = "BETA"
  template {
    containers {
      image = "localhost:5000/web:${var.stage}"
      env {
        name  = "A"
        value = "b"
      }
      volume_mounts {
        name       = "t"
        mount_path = "/t"
      }
      startup_probe {
        tcp_socket { port = 8080 }
      }
    }
    volumes {
      name = "t"
      empty_dir { medium = "MEMORY" }
    }
  }
}

resource "google_cloud_run_service" "annotated" {
  name                       = "annotated"
  location                   = "us-central1"
  autogenerate_revision_name = true
  metadata {
    annotations = {
      "run.googleapis.com/client-name"  = "terraform"
      "run.googleapis.com/launch-stage" = "BETA"
      "run.googleapis.com/ingress"      = "internal"
    }
  }
  template {
    metadata {
      annotations = {
        "autoscaling.knative.dev/minScale"         = "1"
        "autoscaling.knative.dev/maxScale"         = "4"
        "run.googleapis.com/cloudsql-instances"    = "demo:us-central1:db"
        "run.googleapis.com/client-name"           = "terraform"
        "run.googleapis.com/cpu-throttling"        = "false"
        "run.googleapis.com/execution-environment" = "gen2"
        "run.googleapis.com/vpc-access-connector"  = "c"
        "run.googleapis.com/vpc-access-egress"     = "all-traffic"
        "run.googleapis.com/sessionAffinity"       = "true"
      }
    }
    spec {
      containers {
        image = "localhost:5000/web:${var.stage}"
        ports { container_port = 9000 }
        resources { limits = { memory = "1024Mi", cpu = "1000m" } }
      }
    }
  }
  traffic {
    percent         = 100
    latest_revision = true
  }
}

resource "google_storage_bucket" "kept" {
  name     = "demo-kept"
  location = "EUR4"
  retention_policy { retention_period = 3600 }
  logging { log_bucket = "logs" }
  autoclass {
    enabled                = true
    terminal_storage_class = "ARCHIVE"
  }
  requester_pays           = true
  default_event_based_hold = var.stage == 2
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "COLDLINE"
    }
    condition {
      age            = 3
      with_state     = "LIVE"
      matches_prefix = ["a/"]
    }
  }
  lifecycle_rule {
    action { type = "AbortIncompleteMultipartUpload" }
    condition { age = 1 }
  }
}

resource "google_storage_bucket" "dual" {
  name     = "demo-dual"
  location = "US"
  rpo      = "ASYNC_TURBO"
  custom_placement_config { data_locations = ["US-EAST1", "US-WEST1"] }
}

resource "google_storage_bucket_object" "odd" {
  bucket  = google_storage_bucket.kept.name
  name    = "a b/ü.txt"
  content = "x${var.stage}"
}

resource "google_secret_manager_secret" "short" {
  secret_id           = "short"
  ttl                 = "86400s"
  version_destroy_ttl = "86400s"
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "rotated" {
  secret_id   = "rotated"
  expire_time = "2030-11-30T00:00:00Z"
  topics { name = "projects/demo/topics/t" }
  rotation {
    rotation_period    = "3600s"
    next_rotation_time = "2029-11-30T00:00:00Z"
  }
  replication {
    auto {}
  }
}

resource "google_artifact_registry_repository" "std" {
  location               = "europe-west1"
  repository_id          = "std"
  format                 = "DOCKER"
  mode                   = "STANDARD_REPOSITORY"
  cleanup_policy_dry_run = true
  cleanup_policies {
    id     = "keep"
    action = "KEEP"
    most_recent_versions { keep_count = 5 }
  }
  vulnerability_scanning_config { enablement_config = "DISABLED" }
}
