resource "google_cloud_run_service" "plain" {
  name     = "plain-v1"
  location = "us-central1"

  template {
    spec {
      containers {
        image = "localhost:5000/web:${var.stage}"
      }
    }
  }
}

resource "google_cloud_run_service" "full" {
  name                       = "full-v1"
  location                   = "us-central1"
  autogenerate_revision_name = false

  metadata {
    labels      = { team = "shop" }
    annotations = { "run.googleapis.com/ingress" = "all", "run.googleapis.com/minScale" = tostring(var.stage) }
  }

  template {
    metadata {
      name        = "full-v1-${var.stage}"
      labels      = { tier = "front" }
      annotations = { "autoscaling.knative.dev/maxScale" = "5", "run.googleapis.com/startup-cpu-boost" = "true" }
    }
    spec {
      container_concurrency = 40
      timeout_seconds       = 60 * var.stage
      service_account_name  = "runner@demo.iam.gserviceaccount.com"

      containers {
        image   = "localhost:5000/web"
        command = ["/bin/web"]
        args    = ["--stage", tostring(var.stage)]
        ports {
          name           = "http1"
          container_port = 9000
        }
        env {
          name  = "GREETING"
          value = "hello"
        }
        env {
          name = "PASSWORD"
          value_from {
            secret_key_ref {
              name = google_secret_manager_secret.password.secret_id
              key  = "latest"
            }
          }
        }
        resources {
          limits = { cpu = "2000m", memory = "1Gi" }
        }
        startup_probe {
          period_seconds    = 10
          timeout_seconds   = 5
          failure_threshold = 3
          tcp_socket {
            port = 9000
          }
        }
        liveness_probe {
          http_get {
            path = "/live"
          }
        }
        volume_mounts {
          name       = "password"
          mount_path = "/secrets"
        }
      }
      volumes {
        name = "password"
        secret {
          secret_name  = google_secret_manager_secret.password.secret_id
          default_mode = 292
          items {
            key  = "1"
            path = "password"
          }
        }
      }
    }
  }

  dynamic "traffic" {
    for_each = var.stage == 1 ? [
      { latest = true, revision = null, percent = 100, tag = null },
      ] : [
      { latest = false, revision = "full-v1-1", percent = 75, tag = null },
      { latest = true, revision = null, percent = 25, tag = "canary" },
    ]
    content {
      latest_revision = traffic.value.latest
      revision_name   = traffic.value.revision
      percent         = traffic.value.percent
      tag             = traffic.value.tag
    }
  }

  depends_on = [google_secret_manager_secret_version.password]
}
