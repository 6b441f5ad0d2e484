resource "google_cloud_run_v2_service" "plain" {
  name                = "plain"
  location            = "us-central1"
  deletion_protection = false

  template {
    containers {
      image = "localhost:5000/web:${var.stage}"
    }
  }
}

resource "google_cloud_run_v2_service" "full" {
  name                 = "full"
  location             = "us-central1"
  description          = "Everything that a service of ours says, stage ${var.stage}"
  ingress              = var.stage == 1 ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  invoker_iam_disabled = var.stage == 2
  default_uri_disabled = false
  custom_audiences     = ["https://full.example"]
  client               = "terraform"
  client_version       = "stage-${var.stage}"
  launch_stage         = "GA"
  deletion_protection  = false
  labels               = { team = "shop", stage = tostring(var.stage) }
  annotations          = { "example.com/owner" = "shop-${var.stage}" }

  scaling {
    min_instance_count = var.stage
    max_instance_count = 20
  }

  template {
    revision                         = "full-${var.stage}"
    service_account                  = "runner@demo.iam.gserviceaccount.com"
    timeout                          = "${var.stage * 30}s"
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 40
    session_affinity                 = true
    labels                           = { tier = "front" }
    annotations                      = { "example.com/build" = "b${var.stage}" }

    scaling {
      min_instance_count = 0
      max_instance_count = 5
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = "default"
        subnetwork = "default"
        tags       = ["web"]
      }
    }

    containers {
      name        = "web"
      image       = "localhost:5000/web:${var.stage}"
      command     = ["/bin/web"]
      args        = ["--stage", tostring(var.stage)]
      working_dir = "/srv"
      depends_on  = ["cache"]

      ports {
        name           = "h2c"
        container_port = 9000
      }

      env {
        name  = "GREETING"
        value = "hello ${var.stage}"
      }
      env {
        name = "PASSWORD"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.password.secret_id
            version = "latest"
          }
        }
      }

      resources {
        limits            = { cpu = "2", memory = "${var.stage}Gi" }
        cpu_idle          = var.stage == 1
        startup_cpu_boost = true
      }

      startup_probe {
        initial_delay_seconds = 1
        timeout_seconds       = 2
        period_seconds        = 3
        failure_threshold     = 4
        tcp_socket {
          port = 9000
        }
      }
      liveness_probe {
        timeout_seconds   = 2
        period_seconds    = 30
        failure_threshold = 3
        http_get {
          path = "/live"
          http_headers {
            name  = "x-probe"
            value = "live"
          }
        }
      }
      readiness_probe {
        period_seconds    = 10
        success_threshold = 2
        failure_threshold = 3
        timeout_seconds   = 4
        http_get {
          path = "/ready"
          port = 9000
        }
      }

      volume_mounts {
        name       = "password"
        mount_path = "/secrets"
      }
      volume_mounts {
        name       = "scratch"
        mount_path = "/scratch"
      }
      volume_mounts {
        name       = "files"
        mount_path = "/files"
      }
      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }
    }

    containers {
      name  = "cache"
      image = "localhost:5000/cache"
      startup_probe {
        grpc {
          port    = 6000
          service = "cache"
        }
      }
    }

    volumes {
      name = "password"
      secret {
        secret       = google_secret_manager_secret.password.secret_id
        default_mode = 292
        items {
          path    = "password"
          version = "1"
          mode    = 256
        }
      }
    }
    volumes {
      name = "scratch"
      empty_dir {
        medium     = "MEMORY"
        size_limit = "256Mi"
      }
    }
    volumes {
      name = "files"
      gcs {
        bucket    = google_storage_bucket.plain.name
        read_only = true
      }
    }
    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = ["demo:us-central1:db"]
      }
    }
  }

  dynamic "traffic" {
    for_each = var.stage == 1 ? [
      { type = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", revision = null, percent = 100, tag = null },
      ] : [
      { type = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision = "full-1", percent = 90, tag = "stable" },
      { type = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", revision = null, percent = 10, tag = "canary" },
      { type = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision = "full-1", percent = null, tag = "old" },
    ]
    content {
      type     = traffic.value.type
      revision = traffic.value.revision
      percent  = traffic.value.percent
      tag      = traffic.value.tag
    }
  }

  depends_on = [google_secret_manager_secret_version.password]
}

resource "google_cloud_run_v2_service" "manual" {
  name                = "manual"
  location            = "us-central1"
  deletion_protection = false

  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = var.stage
  }

  template {
    health_check_disabled = true
    containers {
      image = "localhost:5000/web"
      resources {
        limits = { memory = "512Mi" }
      }
    }
  }
}
