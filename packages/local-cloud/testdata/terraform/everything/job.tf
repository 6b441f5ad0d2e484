resource "google_cloud_run_v2_job" "plain" {
  name                = "plain"
  location            = "us-central1"
  deletion_protection = false

  template {
    template {
      containers {
        image = "localhost:5000/job:${var.stage}"
      }
    }
  }
}

resource "google_cloud_run_v2_job" "full" {
  name                = "full"
  location            = "us-central1"
  client              = "terraform"
  client_version      = "stage-${var.stage}"
  deletion_protection = false
  labels              = { team = "shop" }
  annotations         = { "example.com/owner" = "shop-${var.stage}" }

  template {
    parallelism = var.stage
    task_count  = 3
    labels      = { tier = "batch" }
    annotations = { "example.com/build" = "b${var.stage}" }

    template {
      max_retries           = var.stage - 1
      timeout               = "1200s"
      service_account       = "runner@demo.iam.gserviceaccount.com"
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"

      containers {
        name    = "main"
        image   = "localhost:5000/job"
        command = ["/bin/job"]
        args    = ["--stage", tostring(var.stage)]
        env {
          name  = "GREETING"
          value = "hello"
        }
        env {
          name = "PASSWORD"
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.password.secret_id
              version = "1"
            }
          }
        }
        resources {
          limits = { cpu = "2", memory = "1Gi" }
        }
        volume_mounts {
          name       = "scratch"
          mount_path = "/scratch"
        }
      }
      volumes {
        name = "scratch"
        empty_dir {
          size_limit = "128Mi"
        }
      }
    }
  }

  depends_on = [google_secret_manager_secret_version.password]
}
